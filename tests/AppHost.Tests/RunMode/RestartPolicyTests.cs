using AppHost.RunMode;

namespace AppHost.Tests.RunMode;

public sealed class RestartPolicyTests
{
    private static readonly RestartPolicy Policy = new();

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(2, 0.5)]
    [InlineData(4, 2)]
    [InlineData(6, 5)]
    [InlineData(10_000, 5)]
    public void The_pause_doubles_up_to_five_seconds(int ends, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Policy.Delay(ends, everHealthy: true));

    [Fact]
    public void Only_what_has_never_been_healthy_is_given_up()
    {
        Assert.NotNull(Policy.Delay(4, everHealthy: false));
        Assert.Null(Policy.Delay(5, everHealthy: false));
        Assert.NotNull(Policy.Delay(50, everHealthy: true));
    }
}
