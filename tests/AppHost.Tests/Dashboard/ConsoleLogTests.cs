using LocalRuntime.Dashboard;

namespace AppHost.Tests.Dashboard;

public sealed class ConsoleLogTests
{
    private readonly ConsoleLog _log = new(linesPerResource: 3);

    [Fact]
    public void Each_resource_keeps_its_own_last_lines()
    {
        for (var i = 1; i <= 5; i++) Write("chatty", $"c{i}");
        Write("quiet", "q1");

        Assert.Equal(["c3", "c4", "c5"], Texts(_log.Read("chatty")));
        Assert.Equal(["q1"], Texts(_log.Read("quiet")));
        Assert.Empty(_log.Read("unknown"));
    }

    [Fact]
    public void All_resources_together_are_in_the_order_of_arrival()
    {
        Write("a", "1");
        Write("b", "2");
        Write("a", "3");
        Assert.Equal(["1", "2", "3"], Texts(_log.Read(resource: null)));
        Assert.Equal(["2", "3"], Texts(_log.Read(resource: null, limit: 2)));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 2)] // overwritten before it could be seen: goes on with the oldest that is left
    [InlineData(4, 1)]
    [InlineData(5, 0)]
    [InlineData(99, 0)]
    public void What_came_after_a_position_is_found_in_a_ring_that_has_turned(long after, int expected)
    {
        for (var i = 1; i <= 5; i++) Write("r", $"{i}");
        Assert.Equal(Enumerable.Range(6 - expected, expected).Select(i => $"{i}"), Texts(_log.Read("r", after)));
    }

    [Fact]
    public void A_line_is_cut_at_its_bound_and_says_so()
    {
        Write("r", new string('x', ConsoleLog.LongestLine + 7));
        var text = Assert.Single(_log.Read("r")).Text;
        Assert.StartsWith(new string('x', ConsoleLog.LongestLine), text, StringComparison.Ordinal);
        Assert.EndsWith("(7 more characters)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_gets_the_last_lines_and_then_all_that_come()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Write("r", "1");
        Write("r", "2");
        await using var follower = _log.FollowAsync("r", limit: 1, cancellationToken: bound.Token).GetAsyncEnumerator(bound.Token);
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal(["2"], Texts(follower.Current));

        Write("other", "not this");
        Write("r", "3");
        Write("r", "4");
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal(["3", "4"], Texts(follower.Current));

        await bound.CancelAsync();
        Assert.False(await follower.MoveNextAsync());
    }

    private void Write(string resource, string text) => _log.Append(resource, LogStream.Output, text, RunningDashboard.At);

    private static IEnumerable<string> Texts(IEnumerable<LogLine> lines) => lines.Select(line => line.Text);
}
