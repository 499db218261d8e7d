using LocalRuntime.Dashboard;

namespace AppHost.Tests.Dashboard;

public sealed class ResourceCommandsTests
{
    [Theory]
    [InlineData("NotStarted", "Start")]
    [InlineData("Waiting", "Stop")]
    [InlineData("Starting", "Stop")]
    [InlineData("Running", "Stop Restart")]
    [InlineData("RuntimeUnhealthy", "Stop Restart")]
    [InlineData("Stopping", "")]
    [InlineData("Exited", "Start")]
    [InlineData("Finished", "Start")]
    [InlineData("FailedToStart", "Start")]
    public void A_process_can_be_told_what_its_state_allows(string state, string commands)
    {
        foreach (var type in new[] { ResourceType.Container, ResourceType.Project, ResourceType.Executable })
            Assert.Equal(commands, string.Join(' ', ResourceCommands.Allowed(type, Enum.Parse<ResourceState>(state))));
    }

    [Fact]
    public void What_is_no_process_takes_no_commands()
    {
        foreach (var type in new[] { ResourceType.Parameter, ResourceType.Database, ResourceType.ConnectionString, ResourceType.Custom })
            foreach (var state in Enum.GetValues<ResourceState>())
                Assert.Empty(ResourceCommands.Allowed(type, state));
    }
}
