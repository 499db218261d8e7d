using System.Net;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using EndToEnd.Tests.Running;
using IdpSimulator.Cli;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>The commands that a developer has in the dashboard's menus.</summary>
[Collection(RunningSystem.Users)]
public sealed class DashboardCommandTests(RunningSystem system)
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

    [Fact]
    public async Task A_reset_of_the_demo_makes_new_directories_with_nobody_in_them()
    {
        var before = system.Endpoints.Directories;
        Assert.True(await system.Resources.TryAsync("demo", "reset-demo"));
        await system.ReadEndpointsAsync();

        Assert.Equal(before.Select(directory => directory.Provider), system.Endpoints.Directories.Select(directory => directory.Provider));
        Assert.Empty(before.Select(directory => directory.Id).Intersect(system.Endpoints.Directories.Select(directory => directory.Id)));
        // A replica may know the token for some seconds more.
        await Eventually.BecomesAsync("the old token to be refused", () => UsersAsync(before[0]), answer => answer.Status == HttpStatusCode.Unauthorized);
        foreach (var directory in system.Endpoints.Directories)
        {
            var (status, users) = await UsersAsync(directory);
            Assert.Equal((HttpStatusCode.OK, 0), (status, users!["totalResults"]!.GetValue<int>()));
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Body)> UsersAsync(DirectoryEndpoint directory)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{directory.BaseUrl.ToString().TrimEnd('/')}/Users") { Headers = { Authorization = new("Bearer", directory.Token) } };
        using var response = await http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }
}
