using LocalRuntime.Dashboard;

namespace LocalRuntime.Processes;

/// <summary>Everything needed to start one child process.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The whole environment; nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What of it was made for this process, for the dashboard.</summary>
    public IReadOnlyList<ResourceVariable> Variables { get; init; } = [];

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Whom it runs as; the AppHost's own user if null.</summary>
    public UnixUser? User { get; init; }

    /// <summary>What asks it to end, also when the AppHost dies.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>A small daemon that lives as long as this process and must be there before it.</summary>
    public Companion? Companion { get; init; }
}

/// <param name="Port">Where it accepts connections once it is ready.</param>
internal sealed record Companion(ProcessSpec Spec, int Port);
