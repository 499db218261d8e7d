using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Runner;

/// <summary>What one test project came to.</summary>
/// <param name="Trouble">Why it counts as failed beyond its failed tests: it crashed, hung, or had no tests; null if none.</param>
/// <param name="Measured">What tests reported as measured, by lines that begin with that word.</param>
internal sealed record ProjectResult(
    string Project, int Passed, int Skipped, IReadOnlyList<FailedTest> Failures, string? Trouble, IReadOnlyList<string> Measured, TimeSpan Took)
{
    private const string MeasuredPrefix = "measured: ";

    internal int Failed => Failures.Count + (Trouble is null ? 0 : 1);

    /// <summary>
    /// Reads xunit's result file. A file that is missing or cut off means that the process died on the way, whatever it
    /// managed to say before.
    /// </summary>
    internal static ProjectResult Read(string project, string resultFile, int exitCode, string console, TimeSpan took)
    {
        ProjectResult Troubled(string trouble) => new(project, 0, 0, [], $"{trouble}\n{console}", [], took);
        XElement results;
        try
        {
            results = XDocument.Load(resultFile).Root!;
        }
        catch (Exception error) when (error is IOException or XmlException)
        {
            return Troubled($"The test process ended with exit code {exitCode} and left no results.");
        }

        var tests = results.Descendants("test").ToList();
        var failures = tests.Where(test => Result(test) == "Fail").Select(FailedTest.Read)
            .Concat(results.Descendants("error").Select(FailedTest.ReadError)).ToList();
        var trouble = tests.Count == 0 ? "It has no tests."
            : exitCode != 0 && failures.Count == 0 ? $"All its tests passed, but the process ended with exit code {exitCode}.\n{console}"
            : null;
        var measured = tests.SelectMany(test => (test.Element("output")?.Value ?? "").Split('\n'))
            .Select(line => line.Trim()).Where(line => line.StartsWith(MeasuredPrefix, StringComparison.OrdinalIgnoreCase))
            .Select(line => line[MeasuredPrefix.Length..]).ToList();
        return new(project, tests.Count(test => Result(test) == "Pass"), tests.Count(test => Result(test) == "Skip"), failures, trouble, measured, took);
    }

    private static string? Result(XElement test) => test.Attribute("result")?.Value;
}

/// <param name="Details">Message, stack and everything that the test wrote.</param>
internal sealed record FailedTest(string Name, string Details)
{
    internal static FailedTest Read(XElement test) =>
        new($"{test.Attribute("name")?.Value} ({Seconds(test)})", Text(test.Element("failure")) + Section("output", test.Element("output")?.Value));

    /// <summary>A fixture or clean-up that failed outside of any test.</summary>
    internal static FailedTest ReadError(XElement error) => new(error.Attribute("name")?.Value ?? error.Attribute("type")?.Value ?? "outside of a test", Text(error.Element("failure")));

    private static string Text(XElement? failure) => $"{failure?.Element("message")?.Value}\n{failure?.Element("stack-trace")?.Value}".Trim();

    private static string Section(string name, string? text) => string.IsNullOrWhiteSpace(text) ? "" : $"\n--- {name} ---\n{text.TrimEnd()}";

    private static string Seconds(XElement test) =>
        double.TryParse(test.Attribute("time")?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s") : "?";
}
