using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AppHost.RunMode;

/// <summary>Prints one line for each resource that becomes healthy or fails. Everything else is on the dashboard.</summary>
internal sealed class TerminalProgress
{
    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);
    private readonly long started = Stopwatch.GetTimestamp();

    internal void Print(ResourceStatus status)
    {
        if (LineFor(status) is not { } line || told.GetValueOrDefault(status.Name) == line) return;
        told[status.Name] = line;
        Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {status.Name,-20} {line}");
    }

    /// <summary>The line of a status; null for intermediate states.</summary>
    internal static string? LineFor(ResourceStatus status) => status switch
    {
        { Type: ResourceType.Value or ResourceType.Database } => null,
        { IsLost: true } => $"FAILED: {status.Reason}",
        { Type: ResourceType.Task } => status.IsFine ? "done" : null,
        { Health: HealthStatus.Healthy } => string.Join(' ', ["healthy", .. status.Endpoints ?? []]),
        { Reason: { } reason } when KnownResourceStates.TerminalStates.Contains(status.State) => reason,
        _ when KnownResourceStates.TerminalStates.Contains(status.State) => "stopped",
        _ => null,
    };
}
