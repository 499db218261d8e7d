using Aspire.Hosting.ApplicationModel;
using EndToEnd.Tests.Running;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>The commands that a developer has in the dashboard's menus.</summary>
[Collection(RunningSystem.Users)]
public sealed class DeskCommandTests(RunningSystem system)
{
    [Theory]
    [InlineData("license", "licenses")]
    [InlineData("policy", "policies")]
    public async Task A_service_rebuilds_its_projections(string resource, string service)
    {
        Assert.True(await system.Resources.TryAsync(resource, "rebuild-projections"));
        var (rebuild, _) = await Eventually.BecomesAsync("the end of the rebuild", () => system.Admin.RebuildAsync(service), now => now.State != "running", TimeSpan.FromMinutes(2));
        Assert.Equal("done", rebuild.State);
    }

    [Fact]
    public async Task The_simulator_plays_a_story()
    {
        Assert.True(await system.Resources.TryAsync("simulator", "play-first-days"));
        await Eventually.BecomesAsync("the story to end well", () => Task.FromResult(system.Resources.Find("simulator")),
            simulator => simulator.State == KnownResourceStates.Finished && simulator.ExitCode == 0, TimeSpan.FromMinutes(2));
    }
}
