using LocalRuntime.Dashboard;
using LocalRuntime.Processes;

namespace LocalRuntime.Hosting;

/// <summary>Why a process ended, as far as its exit code and output tell.</summary>
internal static class LastWords
{
    private const int SignalBase = 128, LongestQuote = 300;
    private static readonly string[] Telling = ["error", "fatal", "unhandled exception", "failed", "cannot", "could not", "no space left", "denied"];

    /// <param name="lines">What it wrote since it started, oldest first.</param>
    internal static string Of(int exitCode, IEnumerable<LogLine> lines)
    {
        var ended = exitCode > SignalBase ? $"was ended by signal {exitCode - SignalBase}" : $"ended with exit code {exitCode}";
        if (exitCode - SignalBase is (int)Signal.Interrupt or (int)Signal.Kill or (int)Signal.Terminate) return ended; // somebody else's will
        var spoken = lines.Where(line => line.Stream != LogStream.System && !string.IsNullOrWhiteSpace(line.Text) && !IsStackFrame(line.Text))
            .Select(line => line.Text.Trim()).ToList();
        // The last line is often only the end of a stack or a farewell; the last that names a trouble says more.
        var quote = spoken.LastOrDefault(IsTelling) ?? spoken.LastOrDefault();
        if (quote?.Length > LongestQuote) quote = quote[..LongestQuote] + "…";
        return $"{ended}{(quote is null ? "" : $": {quote}")}";
    }

    private static bool IsTelling(string line) => Array.Exists(Telling, word => line.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsStackFrame(string line) => line.TrimStart().StartsWith("at ", StringComparison.Ordinal);
}
