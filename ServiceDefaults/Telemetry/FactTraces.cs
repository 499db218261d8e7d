using System.Diagnostics;
using Contracts.Events.V1;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Carries a trace from the request that made a change to those that publish and apply its fact. Facts travel and are applied in
/// batches: a batch of one request's facts goes on with its trace, a batch of several links to each.
/// </summary>
public static class FactTraces
{
    private const int MostLinks = 32;
    private static readonly ActivitySource Source = new("Provisioning.Facts");

    /// <summary>The trace context of what runs now; null where it is not traced.</summary>
    public static string? Current => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>A span for work on these facts; null when none of them was traced. Whoever starts it disposes of it.</summary>
    /// <param name="name">What is done, such as <c>publish facts</c>.</param>
    public static Activity? Start(string name, ActivityKind kind, IReadOnlyCollection<IFact> facts)
    {
        if (!Source.HasListeners()) return null;
        var origins = new HashSet<ActivityContext>();
        foreach (var fact in facts)
            if (ActivityContext.TryParse(fact.Actor.TraceParent, null, isRemote: true, out var origin)) origins.Add(origin);
        var activity = origins.Count switch
        {
            0 => null,
            1 => Source.StartActivity(name, kind, origins.First()),
            _ => Source.StartActivity(name, kind, default(ActivityContext), links: origins.Take(MostLinks).Select(origin => new ActivityLink(origin))),
        };
        activity?.SetTag("provisioning.facts.count", facts.Count);
        return activity;
    }
}
