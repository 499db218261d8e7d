using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.State;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Hosting;

/// <summary>
/// Starts the model and stops it.
/// <list type="number">
/// <item>Nobody else may run the same data; what a killed AppHost left behind is ended.</item>
/// <item>Every endpoint gets its port, every value its text.</item>
/// <item>Everything is set going at once, in the order of the model; each waits for what it depends on.</item>
/// <item>At the end clients stop first, then servers.</item>
/// </list>
/// </summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, ResourceBoard board, LocalSettings settings, TimeProvider time, IHostApplicationLifetime lifetime)
    : IHostedLifecycleService, IDisposable
{
    private IReadOnlyList<IRunner> _runners = [];
    private SystemLock? _lock;

    /// <summary>Why the start was given up, in one sentence.</summary>
    internal string? Failure { get; private set; }

    internal IReadOnlyList<IRunner> Runners => _runners;

    /// <summary>Whether the data are in use by this system and no other.</summary>
    internal bool IsOwner => _lock is not null;

    /// <summary>Before anything else, the dashboard included, so that a second start is told what is the matter.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        settings.Data.Create();
        _lock = SystemLock.Take(settings.Data);
        DiskSpace.Check(settings.Data);
        await OrphanSweep.RunAsync(SystemState.Read(settings.Data)?.Children ?? [], cancellationToken);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ports = new PortBook(settings.Data.File("ports.json"), settings.PortOffset);
        PortAllocation.Allocate(model.Resources, settings, ports);
        var context = new RunnerContext(board, new Dependencies(board, settings.WaitBound), settings, time, GiveUp);
        _runners = await new RunnerFactory([.. model.Resources], ports, context).CreateAsync(cancellationToken);
        ports.Save();

        await PublishAllAsync(cancellationToken);
        board.OnCommand = CommandAsync;
        foreach (var runner in _runners.Where(runner => !IsExplicit(runner))) await runner.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        board.OnCommand = (_, _, _) => throw new InvalidOperationException("The system is stopping.");
        await Task.WhenAll(_runners.Where(runner => !runner.IsServer).Select(runner => runner.StopAsync(CancellationToken.None)));
        await Task.WhenAll(_runners.Where(runner => runner.IsServer).Select(runner => runner.StopAsync(CancellationToken.None)));
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var runner in _runners) runner.Dispose();
        _lock?.Dispose();
    }

    /// <summary>In the order of the model; a resource that nothing runs is shown with its value.</summary>
    private async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            var runners = _runners.Where(runner => Snapshots.Names(resource).Contains(runner.Name)).ToList();
            foreach (var runner in runners) runner.Publish();
            if (runners.Count > 0) continue;
            board.Publish(resource is IValueProvider ? await Snapshots.OfValueAsync(resource, cancellationToken) : Snapshots.Initial(resource, 0));
        }
    }

    private bool IsExplicit(IRunner runner) =>
        model.Resources.First(resource => Snapshots.Names(resource).Contains(runner.Name)).Annotations.OfType<ExplicitStartupAnnotation>().Any();

    private async Task CommandAsync(string displayName, ResourceCommand command, CancellationToken cancellationToken)
    {
        var runner = _runners.FirstOrDefault(runner => runner.Name == displayName)
            ?? throw new InvalidOperationException($"'{displayName}' has no process to {command.ToString().ToLowerInvariant()}.");
        if (command is ResourceCommand.Stop or ResourceCommand.Restart) await runner.StopAsync(cancellationToken);
        if (command is ResourceCommand.Start or ResourceCommand.Restart) await runner.StartAsync(cancellationToken);
    }

    private void GiveUp(string reason)
    {
        Failure ??= reason;
        lifetime.StopApplication();
    }
}
