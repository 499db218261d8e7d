using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Native;
using LocalRuntime.Processes;

namespace LocalRuntime.Hosting;

/// <summary>
/// Runs one process of the model: a resource, or one replica of it.
/// <code>
///   NotStarted ─► Waiting ─► Starting ─► Running (healthy or not) ─┬─► Finished / Exited        it was to end
///                    ▲           ▲                                 ├─► Waiting, then Starting   it crashed: back-off
///                    │           └─────────────────────────────────┤
///   start, restart ──┘                    stop ─► Stopping ─► Exited
///   a wait that cannot be fulfilled, a start that cannot succeed ─► FailedToStart
/// </code>
/// </summary>
internal sealed class ProcessRunner(
    ResourceSnapshot initial, IProgram program, IReadOnlyList<WaitAnnotation> waits, Lifespan lifespan, RunnerContext context) : IRunner
{
    private static readonly TimeSpan EagerProbe = TimeSpan.FromMilliseconds(150), CalmProbe = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneCommand = new(1);
    private ResourceSnapshot _snapshot = initial;
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private volatile ChildProcess? _child;
    private bool _everHealthy;
    private long _logStart;

    public string Name => _snapshot.DisplayName;

    public bool IsServer => _snapshot.Type == ResourceType.Container;

    public IEnumerable<ProcessIdentity> Processes => _child?.Identities ?? [];

    public void Publish() => context.Board.Publish(_snapshot);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _oneCommand.WaitAsync(cancellationToken);
        try
        {
            if (!_run.IsCompleted) return;
            _stop.Dispose();
            _stop = new();
            _run = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        }
        finally
        {
            _oneCommand.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _oneCommand.WaitAsync(cancellationToken);
        try
        {
            await _stop.CancelAsync();
            await _run;
        }
        finally
        {
            _oneCommand.Release();
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _oneCommand.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            Show(_snapshot with { State = ResourceState.Waiting, StateReason = null, Health = ResourceHealth.Unknown, HealthDescription = null, ExitCode = null });
            await context.Dependencies.WaitAsync(waits, stop);
            await SuperviseAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Show(Ended(ResourceState.Exited, null, null));
        }
        catch (Exception error)
        {
            var expected = error is StartupException or DependencyException;
            Fail(expected ? error.Message : error.ToString());
            if (error is StartupException && !_everHealthy) context.OnHopeless($"{Name} cannot start. {error.Message}");
        }
    }

    private async Task SuperviseAsync(CancellationToken stop)
    {
        for (var ends = 1; ; ends++)
        {
            Show(_snapshot with { State = ResourceState.Starting, StateReason = null });
            _logStart = context.Board.Log.Read(Name, limit: 1) is [var last] ? last.Sequence : 0;
            var spec = await program.PrepareAsync(stop);
            var child = _child = await ChildProcess.StartAsync(spec, Write, stop);
            Show(_snapshot with { State = ResourceState.Running, Pid = child.Pid, StartedAt = context.Time.GetUtcNow(), Environment = spec.Variables });
            TimeSpan healthyFor;
            try
            {
                healthyFor = await TendAndWatchAsync(child, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Show(_snapshot with { State = ResourceState.Stopping });
                await child.StopAsync(context.Settings.StopGrace);
                Show(Ended(ResourceState.Exited, null, await child.Exited));
                return;
            }
            catch
            {
                await child.StopAsync(context.Settings.StopGrace);
                throw;
            }

            _everHealthy |= healthyFor >= context.Settings.Restarts.Settled;
            if (healthyFor >= context.Settings.Restarts.Forgiven) ends = 1;
            var exitCode = await child.Exited;
            switch (context.Settings.Restarts.Decide(lifespan, exitCode, ends, _everHealthy))
            {
                case AfterEnd.Over:
                    Show(Ended(exitCode == 0 ? ResourceState.Finished : ResourceState.Exited, exitCode == 0 ? null : Why(exitCode), exitCode));
                    return;
                case AfterEnd.GiveUp when IsServer:
                    throw new StartupException($"{Why(exitCode)} ({ends} times in a row)");
                case AfterEnd.GiveUp:
                    Fail($"{Why(exitCode)} ({ends} times in a row)");
                    return;
                case AfterEnd.Again again:
                    Show(Ended(ResourceState.Waiting, $"{Why(exitCode)}; starts again in {again.Delay.TotalSeconds:0.#} s", exitCode) with { Restarts = _snapshot.Restarts + 1 });
                    await Task.Delay(again.Delay, context.Time, stop);
                    break;
            }
        }
    }

    private async Task<TimeSpan> TendAndWatchAsync(ChildProcess child, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var tending = Task.Run(() => TendAsync(ended.Token), CancellationToken.None);
        try
        {
            return await WatchAsync(child, stop);
        }
        finally
        {
            await ended.CancelAsync();
            await tending;
        }
    }

    private async Task TendAsync(CancellationToken ended)
    {
        try
        {
            await program.TendAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // It ended, or is to.
        }
        catch (Exception error)
        {
            context.Board.AppendLog(Name, LogStream.System, $"It runs on, but nothing is done for it any more: {error.Message}", context.Time.GetUtcNow());
        }
    }

    /// <summary>Looks after its health until it ends by itself; gives how long it was healthy at the end.</summary>
    private async Task<TimeSpan> WatchAsync(ChildProcess child, CancellationToken stop)
    {
        long? healthySince = null;
        while (!child.Exited.IsCompleted)
        {
            var wellness = await program.ProbeAsync(stop);
            if (child.Exited.IsCompleted) break;
            healthySince = wellness.IsWell ? healthySince ?? context.Time.GetTimestamp() : null;
            var health = wellness.IsWell ? ResourceHealth.Healthy : ResourceHealth.Unhealthy;
            _everHealthy |= HealthyFor() >= context.Settings.Restarts.Settled;
            if (_snapshot.Health != health || _snapshot.HealthDescription != wellness.Problem)
                Show(_snapshot with { Health = health, HealthDescription = wellness.Problem });
            await Task.WhenAny(child.Exited, Task.Delay(wellness.IsWell ? CalmProbe : EagerProbe, context.Time, stop)).Unwrap();
        }

        return HealthyFor();

        TimeSpan HealthyFor() => healthySince is { } since ? context.Time.GetElapsedTime(since) : TimeSpan.Zero;
    }

    private void Fail(string reason) => Show(Ended(ResourceState.FailedToStart, reason, _snapshot.ExitCode));

    private ResourceSnapshot Ended(ResourceState state, string? reason, int? exitCode) => _snapshot with
    {
        State = state,
        StateReason = reason,
        ExitCode = exitCode,
        Pid = null,
        Health = ResourceHealth.Unknown,
        HealthDescription = null,
    };

    private string Why(int exitCode) => LastWords.Of(exitCode, context.Board.Log.Read(Name, after: _logStart));

    private void Write(string line, bool isError)
    {
        program.Observe(line);
        context.Board.AppendLog(Name, isError ? LogStream.Error : LogStream.Output, line, context.Time.GetUtcNow());
    }

    private void Show(ResourceSnapshot snapshot)
    {
        _snapshot = snapshot;
        Publish();
    }
}
