using System.Diagnostics;

namespace Runner;

/// <summary>Tells how it goes, project by project: failures in full, everything else in a line.</summary>
internal sealed class Report(IReadOnlyList<TestProject> projects)
{
    private readonly int _width = projects.Max(project => project.Name.Length);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<ProjectResult> _results = [];

    internal void Add(ProjectResult result)
    {
        _results.Add(result);
        var skipped = result.Skipped > 0 ? $", {result.Skipped} skipped" : "";
        Console.WriteLine($"{result.Project.PadRight(_width)}  {result.Passed,4} passed, {result.Failed} failed{skipped}  {result.Took.TotalSeconds,6:0.0} s");
        foreach (var line in result.Measured) Console.WriteLine($"    {line}");
        foreach (var failure in result.Failures) Show(failure.Name, failure.Details);
        if (result.Trouble is { } trouble) Show(result.Project, trouble);
    }

    /// <summary>Ends with the line that scripts read; the exit code says the same.</summary>
    internal int Conclude()
    {
        var failed = _results.Sum(result => result.Failed);
        Console.WriteLine();
        Console.WriteLine($"{_results.Count} projects in {Stopwatch.GetElapsedTime(_started).TotalSeconds:0} s");
        Console.WriteLine($"{_results.Sum(result => result.Passed)} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static void Show(string title, string details)
    {
        Console.WriteLine();
        Console.WriteLine($"  FAILED {title}");
        foreach (var line in details.Split('\n')) Console.WriteLine($"    {line.TrimEnd('\r')}");
        Console.WriteLine();
    }
}
