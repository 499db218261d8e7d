using System.Diagnostics;
using Contracts.Events.V1;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Continues the trace of the request that made a change where its fact is published and applied. Facts are published and
/// applied in batches: a batch with facts of one request continues its trace; a batch with facts of several requests has links
/// to each.
/// </summary>
public static class FactTraces
{
    private const int MostLinks = 32;
    private static readonly ActivitySource Source = new("Provisioning.Facts");

    /// <summary>The current trace context; null when the current work is not traced.</summary>
    public static string? Current => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Starts a span for work on these facts; null when none of them was traced. The caller disposes of it.</summary>
    /// <param name="name">Name of the span, such as <c>publish facts</c>.</param>
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
