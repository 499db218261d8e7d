using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Hosting;

namespace AppHost.Tests.Hosting;

public sealed class ReadinessTests
{
    private static readonly ResourceSnapshot Healthy = new()
    {
        Name = "directory",
        DisplayName = "directory-0",
        Type = ResourceType.Project,
        State = ResourceState.Running,
        Health = ResourceHealth.Healthy,
    };

    private static readonly IResource Directory = new ProjectResource("directory");

    [Fact]
    public void With_replicas_every_one_must_be_healthy()
    {
        var second = Healthy with { DisplayName = "directory-1" };
        var sick = second with { Health = ResourceHealth.Unhealthy, HealthDescription = "no database" };
        var wait = new WaitAnnotation(Directory, WaitType.WaitUntilHealthy);

        Assert.Equal(new Readiness.NotYet("directory-1 is Running: no database"), Readiness.Of(wait, [Healthy, sick]));
        Assert.IsType<Readiness.Ready>(Readiness.Of(wait, [Healthy, second]));
    }

    [Fact]
    public void One_that_failed_to_start_ends_the_waiting() =>
        Assert.Equal(
            new Readiness.Never("directory-0 failed to start"),
            Readiness.Of(new(Directory, WaitType.WaitUntilHealthy), [Healthy with { State = ResourceState.FailedToStart }]));

    [Fact]
    public void Started_is_less_than_healthy()
    {
        var starting = Healthy with { Health = ResourceHealth.Unknown };
        Assert.IsType<Readiness.Ready>(Readiness.Of(new(Directory, WaitType.WaitUntilStarted), [starting]));
        Assert.IsType<Readiness.NotYet>(Readiness.Of(new(Directory, WaitType.WaitUntilHealthy), [starting]));
    }

    [Fact]
    public void Completion_is_that_of_the_awaited_exit_code()
    {
        var wait = new WaitAnnotation(Directory, WaitType.WaitForCompletion, exitCode: 0);
        Assert.IsType<Readiness.NotYet>(Readiness.Of(wait, [Healthy]));
        Assert.IsType<Readiness.Ready>(Readiness.Of(wait, [Healthy with { State = ResourceState.Finished, ExitCode = 0 }]));
        Assert.Equal(new Readiness.Never("directory-0 ended with exit code 2"), Readiness.Of(wait, [Healthy with { State = ResourceState.Exited, ExitCode = 2 }]));
    }
}
