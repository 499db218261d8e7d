using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Processes;
using LocalRuntime.State;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Hosting;

/// <summary>Keeps <c>apphost.json</c> as the board is.</summary>
internal sealed class StateWriter(
    ResourceBoard board, Orchestrator orchestrator, DashboardHost dashboard, DistributedApplicationModel model, LocalSettings settings, TimeProvider time)
    : IHostedService, IDisposable
{
    private readonly ProcessIdentity _self = ProcessIdentity.Of(Environment.ProcessId)!;
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _writing;
        if (orchestrator.IsOwner) Write();
    }

    public void Dispose() => _stop.Dispose();

    private async Task WriteAsync()
    {
        var complained = false;
        await foreach (var _ in board.WatchAsync(_stop.Token))
        {
            try
            {
                Write();
            }
            catch (StartupException error) when (!_stop.IsCancellationRequested)
            {
                // A full disk: the system goes on as long as it can, and the file is written when there is room again.
                if (!complained) await settings.Terminal.WriteLineAsync(error.Message);
                complained = true;
            }
        }
    }

    private void Write() => new SystemState
    {
        AppHost = _self,
        StartedAt = _startedAt,
        Dashboard = dashboard.Address,
        Failure = orchestrator.Failure,
        Resources = [.. board.Resources.Select(snapshot => ResourceStatus.Of(snapshot, IsAwaited(snapshot)))],
        Children = [.. orchestrator.Runners.SelectMany(runner => runner.Processes.Select(process => new ChildRecord(runner.Name, process, process.Program)))],
    }.Write(settings.Data);

    private bool IsAwaited(ResourceSnapshot snapshot) =>
        !model.Resources.First(resource => resource.Name == snapshot.Name).Annotations.OfType<ExplicitStartupAnnotation>().Any();
}
