using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>Whether a dependency allows its dependents to start. With replicas every one must be ready.</summary>
internal abstract record Readiness
{
    internal sealed record Ready : Readiness;

    internal sealed record NotYet(string Because) : Readiness;

    /// <summary>And it will not be, unless somebody steps in.</summary>
    internal sealed record Never(string Because) : Readiness;

    internal static Readiness Of(WaitAnnotation wait, IEnumerable<ResourceSnapshot> board)
    {
        var replicas = board.Where(snapshot => snapshot.Name == wait.Resource.Name).ToList();
        if (replicas.Count == 0) return new NotYet($"{wait.Resource.Name} is not there yet");
        var verdicts = replicas.ConvertAll(replica => OfOne(wait, replica));
        return verdicts.OfType<Never>().FirstOrDefault() ?? verdicts.OfType<NotYet>().FirstOrDefault() ?? (Readiness)new Ready();
    }

    private static Readiness OfOne(WaitAnnotation wait, ResourceSnapshot replica)
    {
        if (replica.State == ResourceState.FailedToStart) return new Never($"{replica.DisplayName} failed to start");
        return wait.WaitType switch
        {
            WaitType.WaitUntilStarted => IsRunning(replica) ? new Ready() : NotYetReady(replica),
            WaitType.WaitUntilHealthy => IsRunning(replica) && replica.Health == ResourceHealth.Healthy ? new Ready() : NotYetReady(replica),
            WaitType.WaitForCompletion => IsOver(replica)
                ? replica.ExitCode == wait.ExitCode ? new Ready() : new Never($"{replica.DisplayName} ended with exit code {replica.ExitCode}")
                : NotYetReady(replica),
        };
    }

    private static bool IsRunning(ResourceSnapshot replica) => replica.State == ResourceState.Running;

    private static bool IsOver(ResourceSnapshot replica) => replica.State is ResourceState.Finished or ResourceState.Exited && replica.ExitCode is not null;

    private static NotYet NotYetReady(ResourceSnapshot replica) =>
        new($"{replica.DisplayName} is {replica.State}{(replica.HealthDescription is { } problem ? $": {problem}" : "")}");
}
