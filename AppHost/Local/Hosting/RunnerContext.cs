using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>What all runners of one system share.</summary>
/// <param name="OnHopeless">Told when something can never run, so that the whole start is given up.</param>
internal sealed record RunnerContext(
    ResourceBoard Board, Dependencies Dependencies, LocalSettings Settings, TimeProvider Time, Action<string> OnHopeless);
