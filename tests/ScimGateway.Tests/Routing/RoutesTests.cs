using System.Net;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Routing;

public sealed class RoutesTests : IAsyncLifetime
{
    private StubService directory = null!;
    private StubService license = null!;
    private StubService policy = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        directory = await StubService.StartAsync("directory");
        license = await StubService.StartAsync("license");
        policy = await StubService.StartAsync("policy");
        gateway = await GatewayUnderTest.StartAsync([directory],
            [$"services:license:http:0={license.Address}", $"services:policy:http:0={policy.Address}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await directory.DisposeAsync();
        await license.DisposeAsync();
        await policy.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/v1/account", "directory")]
    [InlineData("/api/v1/users", "directory")]
    [InlineData("/api/v1/users/42", "directory")]
    [InlineData("/api/v1/users/42/policies", "policy")]
    [InlineData("/api/v1/users/42/policies/1", "directory")]
    [InlineData("/api/v1/policies", "policy")]
    [InlineData("/api/v1/policies/7/members", "policy")]
    [InlineData("/api/v1/licenses/pools", "license")]
    [InlineData("/api/v1/licenses/pools/7/assignments/42", "license")]
    public async Task An_api_path_leads_to_its_service(string path, string service) =>
        Assert.Equal(service, await gateway.Client.GetStringAsync(path));

    [Theory]
    [InlineData("")]
    [InlineData("/Users")]
    [InlineData("/Users/42")]
    [InlineData("/Groups")]
    [InlineData("/Groups/42")]
    [InlineData("/ServiceProviderConfig")]
    public async Task A_scim_path_leads_to_the_directory(string path) =>
        Assert.Equal("directory", await gateway.Client.GetStringAsync(GatewayUnderTest.ScimBase + path));

    /// <summary>Each letter is nine in the address, past what Kestrel takes by itself.</summary>
    [Fact]
    public async Task The_longest_filter_arrives_whatever_its_letters()
    {
        var query = "?filter=" + Uri.EscapeDataString($"userName eq \"{new string('李', 1_986)}\"");
        Assert.Equal("directory", await gateway.Client.GetStringAsync(GatewayUnderTest.ScimBase + "/Users" + query));
        Assert.EndsWith(query, Assert.Single(directory.Requests).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_arrives_as_it_was_sent()
    {
        const string query = "?filter=userName%20eq%20%22a%2Bb%40example.com%22&x-unknown=1";
        await gateway.Client.GetStringAsync(GatewayUnderTest.ScimBase + "/Users" + query);
        Assert.EndsWith("/Users" + query, Assert.Single(directory.Requests).Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/internal/access-tokens")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/api/v1/../../internal/access-tokens")]
    [InlineData("/api/v1/%2e%2e/%2e%2e/internal/access-tokens")]
    [InlineData("/api/v2/users")]
    public async Task What_is_not_public_is_not_found(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(directory.Requests);
    }

    [Fact]
    public async Task An_encoded_slash_does_not_climb_out_of_its_route()
    {
        using var response = await gateway.Client.GetAsync(GatewayUnderTest.ScimBase + "/..%2f..%2f..%2f..%2finternal/access-tokens");
        Assert.DoesNotContain(directory.Requests, seen => seen.Target.StartsWith("/internal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forwarded_headers_are_the_gateways_and_never_the_clients()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.ScimBase + "/Users");
        request.Headers.Host = "scim.example.com";
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("X-Forwarded-Host", "evil.example.com");
        request.Headers.Add("X-Forwarded-Proto", "gopher");
        request.Headers.Add("X-Forwarded-Prefix", "/evil");
        request.Headers.Add("Forwarded", "host=evil.example.com");
        using var response = await gateway.Client.SendAsync(request);

        var seen = Assert.Single(directory.Requests).Headers;
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("scim.example.com", seen["X-Forwarded-Host"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.DoesNotContain("X-Forwarded-Prefix", seen.Keys);
        Assert.DoesNotContain("Forwarded", seen.Keys);
    }

    [Fact]
    public async Task A_scim_token_passes_untouched()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.ScimBase + "/Users");
        request.Headers.Add("Authorization", "Bearer scim_1_secret");
        using var response = await gateway.Client.SendAsync(request);
        Assert.Equal("Bearer scim_1_secret", Assert.Single(directory.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task The_root_says_what_this_is()
    {
        var page = await gateway.Client.GetStringAsync("/");
        Assert.Contains("/scim/v2/", page, StringComparison.Ordinal);
        Assert.Contains("/api/v1", page, StringComparison.Ordinal);
    }
}
