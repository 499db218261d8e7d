using LocalRuntime.Processes;

namespace LocalRuntime.Hosting;

/// <summary>Brings one entry of the board to life and keeps it so.</summary>
internal interface IRunner : IDisposable
{
    /// <summary>The display name on the board.</summary>
    string Name { get; }

    /// <summary>Servers are stopped after their clients.</summary>
    bool IsServer { get; }

    /// <summary>What runs for it now.</summary>
    IEnumerable<ProcessIdentity> Processes { get; }

    /// <summary>Shows it on the board as it is.</summary>
    void Publish();

    /// <summary>Sets it going; returns at once.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Returns when nothing of it runs any more.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
