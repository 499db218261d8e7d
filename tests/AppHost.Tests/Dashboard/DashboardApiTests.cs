using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LocalRuntime.Dashboard;
using static AppHost.Tests.Dashboard.RunningDashboard;

namespace AppHost.Tests.Dashboard;

public sealed class DashboardApiTests : IAsyncLifetime
{
    private RunningDashboard _dashboard = null!;
    private HttpClient _client = null!;

    private ResourceBoard Board => _dashboard.Board;

    public async ValueTask InitializeAsync()
    {
        _dashboard = await StartAsync();
        _client = _dashboard.Owner();
    }

    public ValueTask DisposeAsync() => _dashboard.DisposeAsync();

    [Fact]
    public async Task A_resource_is_shown_with_all_that_is_known_of_it_but_its_secrets()
    {
        Board.Publish(new()
        {
            Name = "directory",
            DisplayName = "directory-1",
            Type = ResourceType.Project,
            State = ResourceState.Running,
            Health = ResourceHealth.Unhealthy,
            HealthDescription = "/health answered 503",
            Pid = 42,
            StartedAt = At,
            Restarts = 2,
            Source = "DirectoryService/DirectoryService.csproj",
            Urls = [new("http://localhost:15110", "SCIM")],
            Endpoints = [new("http", "http://127.0.0.1:40001")],
            Environment = [new("ASPNETCORE_ENVIRONMENT", "Development"), new("ConnectionStrings__directorydb", "Password=hush", Secret: true)],
            WaitsFor = [new("directorymigration", WaitUntil.Completed)],
            Parent = null,
        });

        var text = await _client.GetStringAsync("/api/resources");
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.Equal(
            """
            {"items":[{"name":"directory","displayName":"directory-1","type":"Project","state":"Running","stateReason":null,"health":"Unhealthy","healthDescription":"/health answered 503","pid":42,"startedAt":"2026-11-23T10:00:00+00:00","exitCode":null,"restarts":2,"source":"DirectoryService/DirectoryService.csproj","urls":[{"url":"http://localhost:15110","text":"SCIM"}],"endpoints":[{"name":"http","address":"http://127.0.0.1:40001"}],"environment":[{"key":"ASPNETCORE_ENVIRONMENT","value":"Development","secret":false},{"key":"ConnectionStrings__directorydb","value":null,"secret":true}],"waitsFor":[{"on":"directorymigration","until":"Completed"}],"parent":null,"commands":["stop","restart"]}]}
            """, text);
    }

    [Fact]
    public async Task A_secret_is_told_when_asked_for_by_name_and_kept_by_no_cache()
    {
        Board.Publish(Project("license") with { Environment = [new("PASSWORD", "hush", Secret: true)] });

        using var answer = await _client.GetAsync("/api/resources/license/env/PASSWORD");
        Assert.Equal("""{"value":"hush"}""", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl!.NoStore);

        foreach (var path in new[] { "/api/resources/license/env/OTHER", "/api/resources/other/env/PASSWORD" })
        {
            using var missing = await _client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }
    }

    [Theory]
    [InlineData("start", ResourceState.Exited)]
    [InlineData("stop", ResourceState.Running)]
    [InlineData("restart", ResourceState.Running)]
    internal async Task A_command_is_answered_when_it_has_been_carried_out(string command, ResourceState state)
    {
        Board.Publish(Project("license", state));
        var calls = new List<(string, ResourceCommand)>();
        var done = new TaskCompletionSource();
        Board.OnCommand = (name, given, _) =>
        {
            calls.Add((name, given));
            return done.Task;
        };

        var answering = _client.PostAsync($"/api/resources/license/{command}", null);
        await Testing.Eventually.TrueAsync("the command arrives", () => Task.FromResult(calls.Count == 1));
        Assert.False(answering.IsCompleted);
        done.SetResult();
        using var answer = await answering;

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal([("license", Enum.Parse<ResourceCommand>(command, ignoreCase: true))], calls);
    }

    [Fact]
    public async Task A_command_that_fails_says_why()
    {
        Board.Publish(Project("license", ResourceState.FailedToStart));
        Board.OnCommand = (_, _, _) => throw new InvalidOperationException("Port 15120 is in use.");
        Assert.Equal((HttpStatusCode.InternalServerError, "Port 15120 is in use."), await PostAsync("license/start"));
    }

    [Fact]
    public async Task A_command_that_makes_no_sense_now_never_reaches_the_runtime()
    {
        Board.Publish(Project("license"));
        Board.Publish(new() { Name = "licensedb", Type = ResourceType.Database, State = ResourceState.Running });
        Board.OnCommand = (_, _, _) => throw new InvalidOperationException("reached");

        Assert.Equal((HttpStatusCode.Conflict, "license is Running: it cannot start now."), await PostAsync("license/start"));
        Assert.Equal((HttpStatusCode.Conflict, "licensedb is Running: it cannot stop now."), await PostAsync("licensedb/stop"));
        Assert.Equal((HttpStatusCode.NotFound, "There is no resource other."), await PostAsync("other/stop"));
        Assert.Equal((HttpStatusCode.NotFound, "There is no command explode; there are start, stop and restart."), await PostAsync("license/explode"));
        using var byGet = await _client.GetAsync("/api/resources/license/stop");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, byGet.StatusCode);
    }

    [Fact]
    public async Task The_log_as_text_is_plain()
    {
        Board.Publish(Project("license"));
        Board.Publish(Project("policy"));
        Board.AppendLog("license", LogStream.Output, "\e[32minfo\e[39m: \e]8;;http://x\astarted\e]8;;\a", At);
        Board.AppendLog("policy", LogStream.Error, "fail: no", At.AddMilliseconds(5));

        Assert.Equal(
            "2026-11-23T10:00:00.000Z license out info: started\n2026-11-23T10:00:00.005Z policy err fail: no\n",
            await _client.GetStringAsync("/api/logs/all"));
        Assert.Equal("2026-11-23T10:00:00.005Z policy err fail: no\n", await _client.GetStringAsync("/api/logs/policy"));
        using var missing = await _client.GetAsync("/api/logs/other");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private async Task<(HttpStatusCode, string?)> PostAsync(string path)
    {
        using var answer = await _client.PostAsync($"/api/resources/{path}", null);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }
}
