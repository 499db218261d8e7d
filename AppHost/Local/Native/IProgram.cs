using LocalRuntime.Processes;

namespace LocalRuntime.Native;

/// <summary>Something that runs as a child process: how it is started and how one sees that it is well.</summary>
internal interface IProgram
{
    /// <summary>Makes ready what it needs (directories, files, a database cluster) and says how to start it.</summary>
    /// <exception cref="StartupException">It cannot run; starting it again will not help.</exception>
    Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Whether it does its work now.</summary>
    /// <exception cref="StartupException">It runs, but will never do its work.</exception>
    Task<Wellness> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>What is to be done for it while it runs; until cancelled, or until there is nothing to do.</summary>
    Task TendAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A line that it wrote, for programs that say there that they are ready.</summary>
    void Observe(string line) { }
}

/// <param name="Problem">Why not, in a few words; null when it is well.</param>
internal readonly record struct Wellness(string? Problem)
{
    internal static readonly Wellness Well = new(null);

    internal bool IsWell => Problem is null;
}
