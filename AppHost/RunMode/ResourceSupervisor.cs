using System.Collections.Concurrent;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AppHost.RunMode;

/// <summary>
/// Supervises all resources: prints which become healthy, restarts crashed ones, ends a start that cannot succeed, and updates
/// <c>apphost.json</c>.
/// <code>
///   Waiting ─► Starting ─► Running, healthy or not ─┬─► Finished / Exited by itself ─► back-off ─► restart
///                                                   └─► Stopping (a command) ─► Finished / Exited, no restart
///   FailedToStart · a task that failed · ended five times and never healthy · not healthy in time ─► the start fails
/// </code>
/// </summary>
internal sealed partial class ResourceSupervisor(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands, ResourceLoggerService logs,
    RunSettings settings, RestartPolicy restarts, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ResourceSupervisor> log)
    : BackgroundService
{
    private sealed record ResourceProgress(ResourceStatus Status, IResource Resource, string Id, bool Commanded = false, int Ends = 0, bool EverHealthy = false);

    private readonly ConcurrentDictionary<string, ResourceProgress> courses = new(StringComparer.Ordinal);
    private readonly SystemStateFile file = new(settings.Data, clock, configuration, log);
    private readonly TerminalProgress progress = new();
    private readonly RequestedStops stops = new();
    private bool isUp;

    /// <summary>Why the start failed; null while it has not.</summary>
    internal string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var resource in model.Resources.Where(ResourceClassifier.IsShown)) courses[resource.Name] = new(ResourceClassifier.Initial(resource, model), resource, resource.Name);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bound.CancelAfter(settings.StartBound);
        using var late = bound.Token.Register(() => { if (!isUp && !stoppingToken.IsCancellationRequested) TimedOut(); });
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (courses.TryGetValue(change.Resource.Name, out var before)) await HandleAsync(before, change, stoppingToken);
                Write();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The system stops.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    private async Task HandleAsync(ResourceProgress before, ResourceEvent change, CancellationToken stopping)
    {
        stops.Notice(change.Resource);
        var status = ResourceClassifier.Now(before.Status, change, before.Resource);
        var ended = KnownResourceStates.TerminalStates.Contains(status.State) && !KnownResourceStates.TerminalStates.Contains(before.Status.State);
        var course = before with
        {
            Status = status,
            Id = change.ResourceId,
            Commanded = stops.Contains(change.Resource.Name) || status.State == KnownResourceStates.Stopping || (before.Commanded && status.State != KnownResourceStates.Running),
            EverHealthy = before.EverHealthy || status.Health == HealthStatus.Healthy,
            Ends = status.Health == HealthStatus.Healthy ? 0 : ended ? before.Ends + 1 : before.Ends,
        };
        if (ended) course = await EndedAsync(course, stopping);
        else if (status.State == KnownResourceStates.FailedToStart) course = LostTrack(course, await ExitReason.OfAsync(logs, course.Resource, status.ExitCode, stopping));
        courses[change.Resource.Name] = course;
        progress.Print(course.Status);
        if (course.Status.IsLost && !isUp) FailStart($"{course.Status.Name} cannot start. {course.Status.Reason}");
        isUp |= Failure is null && courses.Values.All(each => each.Status.IsFine);
    }

    private async Task<ResourceProgress> EndedAsync(ResourceProgress course, CancellationToken stopping)
    {
        var status = course.Status;
        if (course.Commanded || lifetime.ApplicationStopping.IsCancellationRequested) return course;
        if (status.Type == ResourceType.Task)
            return status.IsFine ? course : LostTrack(course, await ExitReason.OfAsync(logs, course.Resource, status.ExitCode, stopping));
        if (status.Type is not (ResourceType.Service or ResourceType.Server)) return course;

        var why = await ExitReason.OfAsync(logs, course.Resource, status.ExitCode, stopping);
        var hopeless = status.ExitCode == ExitReason.PermanentFailure && !course.EverHealthy;
        if (hopeless || restarts.Delay(course.Ends, course.EverHealthy) is not { } delay)
            return LostTrack(course, hopeless ? why : $"It {why} ({course.Ends} times in a row, and was never healthy).");
        _ = RestartAsync(course, why, delay, stopping);
        return course with { Status = status with { Reason = $"{why}; starts again in {delay.TotalSeconds:0.##} s", Restarts = status.Restarts + 1 } };
    }

    /// <summary>
    /// Retries until the start command is accepted: DCP's clean-up of the ended process may still be running. The next crash
    /// starts another round.
    /// </summary>
    private async Task RestartAsync(ResourceProgress course, string why, TimeSpan delay, CancellationToken stopping)
    {
        var logger = logs.GetLogger(course.Resource);
        try
        {
            Crashed(logger, why, delay.TotalSeconds);
            GiveStartCommand(course.Resource);
            for (; ; delay = restarts.Longest)
            {
                await Task.Delay(delay, clock, stopping);
                if (stops.Contains(course.Resource.Name) || courses[course.Resource.Name].Status.State is "Running" or "Starting") return; // it was started or stopped meanwhile
                var result = await commands.ExecuteCommandAsync(course.Id, KnownResourceCommands.StartCommand, stopping);
                if (result.Success) return;
                NotStarted(logger, result.Message);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The system stops.
        }
    }

    /// <summary>Adds a start command to the dashboard's resource, which has none, so that it can be restarted too.</summary>
    private void GiveStartCommand(IResource resource)
    {
        if (CommandsOf(resource).Any()) return;
        resource.Annotations.Add(model.Resources.SelectMany(CommandsOf).First());

        static IEnumerable<ResourceCommandAnnotation> CommandsOf(IResource resource) =>
            resource.Annotations.OfType<ResourceCommandAnnotation>().Where(command => command.Name == KnownResourceCommands.StartCommand);
    }

    private static ResourceProgress LostTrack(ResourceProgress course, string why) => course with { Status = course.Status with { Reason = why, IsLost = course.Status.Awaited } };

    private void TimedOut()
    {
        var late = courses.Values.Select(course => course.Status).Where(status => !status.IsFine)
            .Select(status => $"{status.Name} ({status.State}{(status.Reason is { } reason ? $": {reason}" : "")})");
        FailStart($"The system is not healthy after {settings.StartBound.TotalMinutes:0.#} minutes: {string.Join(", ", late)}.");
    }

    private void FailStart(string reason)
    {
        if (Failure is not null) return;
        Failure = reason;
        Write();
        lifetime.StopApplication();
    }

    private void Write() => file.Write(Failure, courses.Values.Select(course => course.Status));

    [LoggerMessage(LogLevel.Warning, "It {Why}. It is started again in {Seconds} s.")]
    private static partial void Crashed(ILogger logger, string why, double seconds);

    [LoggerMessage(LogLevel.Warning, "It could not be started again yet: {Reason}")]
    private static partial void NotStarted(ILogger logger, string? reason);
}
