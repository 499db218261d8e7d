using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bench.Measuring;

/// <summary>The results for people and for programs.</summary>
internal static class ResultTable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string Markdown(string circumstances, IEnumerable<Result> results)
    {
        var text = new StringBuilder().AppendLine(circumstances).AppendLine()
            .AppendLine("| case | what | measured | goal | verdict |")
            .AppendLine("| --- | --- | ---: | --- | --- |");
        foreach (var result in results)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Case} | {result.What} | {Number(result.Value)} {result.Unit} | {Bounds(result.Goal)} | {result.Verdict} |");
        return text.ToString();
    }

    internal static string Json(string circumstances, IEnumerable<Result> results) => JsonSerializer.Serialize(new { circumstances, results }, Format);

    private static string Bounds(Goal? goal) => goal is null ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{(goal.HigherIsBetter ? "≥" : "≤")} {goal.Floor:0.##}{(goal.Aim is { } aim ? $", aim {aim.ToString("0.##", CultureInfo.InvariantCulture)}" : "")}");

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
