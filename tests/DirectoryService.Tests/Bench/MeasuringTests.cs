using Bench;
using Bench.Measuring;
using Bench.Running;

namespace DirectoryService.Tests.Bench;

public sealed class MeasuringTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_a_value_that_was_measured(double share, double expected) =>
        Assert.Equal(expected, Percentile.Of([.. Enumerable.Range(1, 100).Reverse().Select(number => (double)number)], share));

    [Fact]
    public void Nothing_measured_has_no_percentile() => Assert.Throws<ArgumentException>(() => Percentile.Median([]));

    [Theory]
    [InlineData(0.30, "missed")]
    [InlineData(0.40, "met, aim missed")]
    [InlineData(0.50, "aim met")]
    public void A_rate_is_judged_by_the_least_it_must_reach(double value, string verdict) => Assert.Equal(verdict, Goal.AtLeast(1.0 / 3, 0.5).Judge(value));

    [Theory]
    [InlineData(1.6, "missed")]
    [InlineData(1.3, "met, aim missed")]
    [InlineData(1.2, "aim met")]
    public void A_ratio_is_judged_by_the_most_it_may_be(double value, string verdict) => Assert.Equal(verdict, Goal.AtMost(1.5, 1.2).Judge(value));

    [Fact]
    public void The_table_tells_goal_and_verdict_beside_each_value()
    {
        var table = ResultTable.Markdown("Today.", [new('b', "GET", 1.1, "", Goal.AtMost(1.5, 1.2)), new('a', "POST", 2345.6, "/s")]);
        Assert.Contains("| b | GET | 1.10  | ≤ 1.5, aim 1.2 | aim met |", table, StringComparison.Ordinal);
        Assert.Contains("| a | POST | 2,346 /s |  |  |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Colons_that_pgbench_would_take_for_variables_are_written_another_way() =>
        Assert.Equal("""{"a": "urn\u003aietf", "b": "it''s"}""", Pgbench.JsonLiteral("""{"a": "urn:ietf", "b": "it's"}"""));

    [Theory]
    [InlineData("--case", "z")]
    [InlineData("--users", "12")]
    [InlineData("--users")]
    [InlineData("--fast")]
    public void What_the_command_line_cannot_mean_is_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => BenchOptions.Parse(["--system", "/tmp", .. arguments]));
}
