using System.Net;
using System.Net.Http.Headers;
using LocalRuntime.Dashboard;
using static AppHost.Tests.Dashboard.RunningDashboard;

namespace AppHost.Tests.Dashboard;

/// <summary>Every way in, over real HTTP.</summary>
public sealed class DashboardAccessTests : IAsyncLifetime
{
    private readonly List<string> _commands = [];
    private RunningDashboard _dashboard = null!;

    public async ValueTask InitializeAsync()
    {
        _dashboard = await StartAsync();
        _dashboard.Board.Publish(Project("license"));
        _dashboard.Board.OnCommand = (name, command, _) =>
        {
            _commands.Add($"{command} {name}");
            return Task.CompletedTask;
        };
    }

    public ValueTask DisposeAsync() => _dashboard.DisposeAsync();

    [Theory]
    [InlineData("/api/resources")]
    [InlineData("/api/resources/license/env/KEY")]
    [InlineData("/api/events")]
    [InlineData("/api/logs/all")]
    [InlineData("/api/logs/license?follow")]
    [InlineData("/api/anything")]
    public async Task The_api_is_closed_to_strangers(string path)
    {
        using var answer = await _dashboard.Stranger().GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/resources/license")]
    [InlineData("/logs")]
    public async Task A_page_asks_strangers_to_sign_in(string path)
    {
        using var answer = await _dashboard.Stranger().GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Sign in", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_sets_a_cookie_that_scripts_and_other_sites_cannot_use_and_that_is_not_the_token()
    {
        using var answer = await _dashboard.Stranger().GetAsync(_dashboard.Server.LoginAddress);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("0; url=/", answer.Headers.GetValues("Refresh").Single());
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith($"dashboard-{_dashboard.Server.Address.Port}=", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);

        using var page = await (await _dashboard.SignedInAsync()).GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/login?t=")]
    [InlineData("/login?t=wrong")]
    [InlineData("/login?t=the-token-of-this-test&t=x")]
    public async Task A_wrong_token_sets_no_cookie(string path)
    {
        using var answer = await _dashboard.Stranger().GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("Bearer", "wrong")]
    [InlineData("Bearer", "")]
    [InlineData("Basic", Token)]
    public async Task A_wrong_bearer_is_refused(string scheme, string value)
    {
        var client = _dashboard.Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, value);
        using var answer = await client.GetAsync("/api/resources");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_no_bearer()
    {
        var signedIn = await _dashboard.SignedInAsync();
        var value = signedIn.DefaultRequestHeaders.GetValues("Cookie").Single().Split('=', 2)[1];
        var client = _dashboard.Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", value);
        using var answer = await client.GetAsync("/api/resources");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:1234", HttpStatusCode.OK)] // a forwarded port
    [InlineData("dashboard.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.example", HttpStatusCode.BadRequest)]
    public async Task A_foreign_name_for_this_machine_is_refused_even_with_the_token(string host, HttpStatusCode expected)
    {
        var client = _dashboard.Owner();
        client.DefaultRequestHeaders.Host = host;
        using var answer = await client.GetAsync("/api/resources");
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task With_the_cookie_a_command_must_come_from_the_own_page()
    {
        var client = await _dashboard.SignedInAsync();
        var own = _dashboard.Server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var origin in new[] { null, "null", "http://evil.example", "http://localhost:15080", own.Replace("http:", "https:", StringComparison.Ordinal) })
        {
            using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/resources/license/stop");
            if (origin is not null) foreign.Headers.Add("Origin", origin);
            using var refused = await client.SendAsync(foreign);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        Assert.Empty(_commands);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/resources/license/stop");
        request.Headers.Add("Origin", own);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["Stop license"], _commands);
    }

    [Fact]
    public async Task Every_answer_forbids_foreign_scripts_frames_and_caches()
    {
        foreach (var path in new[] { "/", "/login", "/api/resources" })
        {
            using var answer = await _dashboard.Stranger().GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task A_port_in_use_is_a_clear_sentence()
    {
        var port = _dashboard.Server.Address.Port;
        var failure = await Assert.ThrowsAsync<IOException>(() => DashboardServer.StartAsync(new ResourceBoard(), port, Token, CancellationToken.None));
        Assert.Contains($"Port {port} of 127.0.0.1, which the dashboard needs, is in use.", failure.Message, StringComparison.Ordinal);
    }
}
