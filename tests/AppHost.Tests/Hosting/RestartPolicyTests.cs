using LocalRuntime.Hosting;

namespace AppHost.Tests.Hosting;

public sealed class RestartPolicyTests
{
    private static readonly RestartPolicy Policy = new();

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(4, 4)]
    [InlineData(7, 30)]
    [InlineData(10_000, 30)]
    public void The_pause_doubles_up_to_its_longest(int ends, double seconds) =>
        Assert.Equal(new AfterEnd.Again(TimeSpan.FromSeconds(seconds)), Policy.Decide(Lifespan.Serves, 1, ends, everHealthy: true));

    [Fact]
    public void A_server_that_ends_well_has_crashed_all_the_same() =>
        Assert.IsType<AfterEnd.Again>(Policy.Decide(Lifespan.Serves, 0, 1, everHealthy: true));

    [Fact]
    public void What_was_to_run_once_is_over_whatever_its_exit_code() =>
        Assert.IsType<AfterEnd.Over>(Policy.Decide(Lifespan.RunsOnce, 7, 1, everHealthy: false));

    [Fact]
    public void Work_that_failed_is_tried_again_and_work_that_is_done_is_not()
    {
        Assert.IsType<AfterEnd.Again>(Policy.Decide(Lifespan.Works, 1, 1, everHealthy: false));
        Assert.IsType<AfterEnd.Over>(Policy.Decide(Lifespan.Works, 0, 1, everHealthy: false));
    }

    [Fact]
    public void Only_what_has_never_been_healthy_is_given_up()
    {
        Assert.IsType<AfterEnd.GiveUp>(Policy.Decide(Lifespan.Serves, 1, 5, everHealthy: false));
        Assert.IsType<AfterEnd.Again>(Policy.Decide(Lifespan.Serves, 1, 50, everHealthy: true));
    }
}
