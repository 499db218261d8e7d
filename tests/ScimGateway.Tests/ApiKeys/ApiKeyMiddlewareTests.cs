using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.ApiKeys;

public sealed class ApiKeyMiddlewareTests : IAsyncLifetime
{
    private const string Exchange = "/internal/access-tokens";
    private StubService directory = null!;
    private StubService license = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        directory = await StubService.StartAsync("directory", AnswerAsync);
        license = await StubService.StartAsync("license");
        gateway = await GatewayUnderTest.StartAsync([directory], [$"services:license:http:0={license.Address}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await directory.DisposeAsync();
        await license.DisposeAsync();
    }

    [Fact]
    public async Task A_service_gets_the_access_token_and_never_the_key()
    {
        using var response = await GetAsync("/api/v1/licenses/pools", "prov_1_good");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer header.payload.signature", Assert.Single(license.Requests).Headers["Authorization"]);
        Assert.Equal("Bearer prov_1_good", Assert.Single(directory.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Many_requests_make_one_exchange()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync("/api/v1/licenses/pools", "prov_1_good")));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Single(directory.Requests, seen => seen.Target == Exchange);
    }

    [Fact]
    public async Task An_unknown_key_is_401_with_a_challenge_and_reaches_no_service()
    {
        using var response = await GetAsync("/api/v1/licenses/pools", "prov_1_bad");
        await ErrorBody.ProblemDetailAsync(response, HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Empty(license.Requests);
    }

    [Theory]
    [InlineData("header.payload.signature")]
    [InlineData("scim_1_secret")]
    public async Task Other_credentials_are_left_to_the_service(string token)
    {
        using var response = await GetAsync("/api/v1/licenses/pools", token);
        Assert.Equal($"Bearer {token}", Assert.Single(license.Requests).Headers["Authorization"]);
        Assert.Empty(directory.Requests);
    }

    [Fact]
    public async Task An_API_key_is_no_SCIM_token()
    {
        using var response = await GetAsync(GatewayUnderTest.ScimBase + "/Users", "prov_1_good");
        Assert.DoesNotContain(directory.Requests, seen => seen.Target == Exchange);
    }

    [Fact]
    public async Task With_the_directory_away_a_key_is_neither_good_nor_bad()
    {
        directory.Kill();
        using var response = await GetAsync("/api/v1/licenses/pools", "prov_1_good");
        await ErrorBody.ProblemDetailAsync(response, HttpStatusCode.ServiceUnavailable);
        directory.Revive();
        using var again = await GetAsync("/api/v1/licenses/pools", "prov_1_good");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_replica_that_is_away_does_not_stand_in_the_way()
    {
        await using var other = await StubService.StartAsync("other", AnswerAsync);
        await using var two = await GatewayUnderTest.StartAsync([directory, other], [$"services:license:http:0={license.Address}"]);
        directory.Kill();
        for (var i = 0; i < 10; i++)
        {
            using var request = Request("/api/v1/licenses/pools", $"prov_{i}_good");
            using var response = await two.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != Exchange) return context.Response.WriteAsync("directory");
        if (context.Request.Headers.Authorization.ToString().EndsWith("_good", StringComparison.Ordinal))
            return context.Response.WriteAsJsonAsync(new { accessToken = "header.payload.signature", expiresAt = TimeProvider.System.GetUtcNow().AddMinutes(10) });
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private Task<HttpResponseMessage> GetAsync(string path, string token) => gateway.Client.SendAsync(Request(path, token));

    private static HttpRequestMessage Request(string path, string token) =>
        new(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
}
