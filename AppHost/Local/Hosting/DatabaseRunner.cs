using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Native;
using LocalRuntime.Processes;

namespace LocalRuntime.Hosting;

/// <summary>A database is there once its server is ready and it has been created; then it is as well as its server.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource database, PostgresServer server, ResourceSnapshot initial, RunnerContext context) : IRunner
{
    private readonly CancellationTokenSource _stop = new();
    private ResourceSnapshot _snapshot = initial;
    private Task _run = Task.CompletedTask;

    public string Name => _snapshot.DisplayName;

    public bool IsServer => false;

    public IEnumerable<ProcessIdentity> Processes => [];

    public void Publish() => context.Board.Publish(_snapshot);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _run;
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken stop)
    {
        var ready = new WaitAnnotation(database.Parent, WaitType.WaitUntilHealthy);
        var created = false;
        try
        {
            await foreach (var _ in context.Board.WatchAsync(stop))
            {
                var isReady = Readiness.Of(ready, context.Board.Resources) is Readiness.Ready;
                if (isReady && !created)
                {
                    await server.CreateDatabaseAsync(database.DatabaseName, stop);
                    created = true;
                }

                Show(created ? ResourceState.Running : ResourceState.Waiting, isReady);
            }

            Show(ResourceState.Exited, isReady: false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Show(ResourceState.Exited, isReady: false);
        }
        catch (Npgsql.NpgsqlException error)
        {
            _snapshot = _snapshot with { State = ResourceState.FailedToStart, StateReason = error.Message };
            Publish();
        }
    }

    private void Show(ResourceState state, bool isReady)
    {
        var health = isReady ? ResourceHealth.Healthy : ResourceHealth.Unknown;
        if (_snapshot.State == state && _snapshot.Health == health) return;
        _snapshot = _snapshot with { State = state, Health = health, StartedAt = _snapshot.StartedAt ?? context.Time.GetUtcNow() };
        Publish();
    }
}
