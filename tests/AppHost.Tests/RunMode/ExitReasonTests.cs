using AppHost.RunMode;

namespace AppHost.Tests.RunMode;

public sealed class ExitReasonTests
{
    [Fact]
    public void The_last_line_that_names_a_trouble_says_more_than_the_last_line() =>
        Assert.Equal("ended with exit code 3: FATAL: no space left on device", ExitReason.Of(3, ["starting", "FATAL: no space left on device", "   at Program.Main()", "bye"]));

    [Fact]
    public void Who_was_killed_said_nothing_about_it() => Assert.Equal("was ended by signal 9", ExitReason.Of(137, ["an earlier error"]));

    [Fact]
    public void A_script_that_says_that_it_never_will_start_is_quoted_alone() =>
        Assert.Equal("RabbitMQ is not installed.", ExitReason.Of(ExitReason.PermanentFailure, ["[sys] Starting process...", "RabbitMQ is not installed."]));
}
