using System.Globalization;
using Bench.Measuring;

namespace Bench;

/// <summary>Tells what is going on, and collects what came out.</summary>
internal sealed class Report(TimeProvider clock)
{
    private readonly List<Result> results = [];

    internal IReadOnlyList<Result> Results => results;

    internal void Progress(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetLocalNow():HH:mm:ss}  {what}"));

    internal void Add(char letter, string what, double value, string unit, Goal? goal = null)
    {
        var result = new Result(letter, what, value, unit, goal);
        results.Add(result);
        Progress(string.Create(CultureInfo.InvariantCulture, $"  {what}: {value:0.##} {unit} {result.Verdict}"));
    }
}
