using LocalRuntime.Hosting;

namespace LocalRuntime.Cli;

/// <param name="Args">The whole command line.</param>
internal sealed record CommandContext(LocalSettings Settings, DistributedApplicationModel Model, string[] Args);
