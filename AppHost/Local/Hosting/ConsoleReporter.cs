using System.Diagnostics;
using LocalRuntime.Dashboard;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Hosting;

/// <summary>Tells the terminal what comes up, what fails and why, one line each; all the rest is on the dashboard.</summary>
internal sealed class ConsoleReporter(ResourceBoard board, LocalSettings settings) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private Task _reporting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reporting = Task.Run(ReportAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _reporting;
    }

    public void Dispose() => _stop.Dispose();

    private async Task ReportAsync()
    {
        await foreach (var changed in board.WatchAsync(_stop.Token))
            foreach (var snapshot in changed)
                Tell(snapshot);
    }

    private void Tell(ResourceSnapshot snapshot)
    {
        if (ConsoleLine.For(snapshot) is not { } line || _told.GetValueOrDefault(snapshot.DisplayName) == line) return;
        _told[snapshot.DisplayName] = line;
        settings.Terminal.WriteLine($"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} s  {snapshot.DisplayName,-20} {line}");
    }
}
