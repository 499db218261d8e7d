namespace AppHost.RunMode;

/// <summary>Derives why a process ended from its exit code and output.</summary>
internal static class ExitReason
{
    private const int SignalBase = 128, Interrupt = 2, Kill = 9, Terminate = 15, LongestQuote = 400;

    /// <summary>The exit code that DCP reports for a process that was ended by a signal.</summary>
    private const int EndedBySignal = -1;
    private static readonly string[] Telling = ["error", "fatal", "unhandled exception", "failed", "cannot", "could not", "no space left", "denied"];

    /// <summary>Exit code of the NativeServers scripts when a restart will not help (EX_CONFIG).</summary>
    internal const int PermanentFailure = 78;

    /// <param name="logs">Logs of the resources in this AppHost.</param>
    internal static async Task<string> OfAsync(ResourceLoggerService logs, IResource resource, int? exitCode, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(cancellationToken)) lines.AddRange(batch.Select(line => WithoutTime(line.Content)));
        return Of(exitCode, lines);
    }

    /// <param name="lines">Its output, oldest line first.</param>
    internal static string Of(int? exitCode, IReadOnlyList<string> lines)
    {
        var spoken = lines.Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("[sys]", StringComparison.Ordinal) && !line.StartsWith("at ", StringComparison.Ordinal)).ToList();
        if (exitCode == PermanentFailure && spoken.Count > 0) return spoken[^1];
        if (exitCode == EndedBySignal) return "was ended by a signal";
        var ended = exitCode > SignalBase ? $"was ended by signal {exitCode - SignalBase}" : $"ended with exit code {exitCode}";
        if (exitCode - SignalBase is Interrupt or Kill or Terminate) return ended; // ended on purpose by somebody
        // The last line is often the end of a stack trace; the last line that contains an error word is more useful.
        var quote = spoken.LastOrDefault(NamesAnError) ?? spoken.LastOrDefault();
        if (quote?.Length > LongestQuote) quote = quote[..LongestQuote] + "…";
        return $"{ended}{(quote is null ? "" : $": {quote}")}";
    }

    private static bool NamesAnError(string line) => Array.Exists(Telling, word => line.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The line without the time stamp that DCP adds.</summary>
    private static string WithoutTime(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end && DateTimeOffset.TryParse(line[..end], System.Globalization.CultureInfo.InvariantCulture, out _) ? line[(end + 1)..] : line;
}
