using System.Diagnostics;
using System.Net;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Limits;

public sealed class TokenRateLimitTests
{
    [Fact]
    public async Task A_token_past_its_rate_is_told_in_whole_seconds_when_to_go_on_and_others_are_not_touched()
    {
        await using var directory = await StubService.StartAsync("directory");
        await using var gateway = await GatewayUnderTest.StartAsync([directory], ["Gateway:RequestsPerSecond=25", "Gateway:Burst=25"]);
        var watch = Stopwatch.StartNew();
        var greedy = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => GetAsync(gateway, "scim_1_greedy")));
        var refused = greedy.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        // The burst, and what has come back since, however long that was.
        Assert.InRange(greedy.Length - refused.Count, 25, 25 + BackSince(watch));
        Assert.Equal("1", refused[0].Headers.GetValues("Retry-After").Single());
        await ErrorBody.ScimDetailAsync(refused[0], HttpStatusCode.TooManyRequests);

        using var other = await GetAsync(gateway, "scim_2_modest");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var health = await gateway.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task What_Entra_ID_needs_passes_by_far_with_the_defaults()
    {
        await using var directory = await StubService.StartAsync("directory");
        await using var gateway = await GatewayUnderTest.StartAsync([directory]);
        var responses = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => GetAsync(gateway, "scim_1_entra")));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task A_bulk_request_counts_as_many_as_its_operations()
    {
        await using var directory = await StubService.StartAsync("directory", context =>
        {
            if (context.Request.Path.Value!.EndsWith("/Bulk", StringComparison.Ordinal)) context.Response.Headers["X-Scim-Operations"] = "1000";
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayUnderTest.StartAsync([directory], ["Gateway:RequestsPerSecond=25", "Gateway:Burst=100"]);
        using var bulk = new HttpRequestMessage(HttpMethod.Post, GatewayUnderTest.ScimBase + "/Bulk") { Headers = { Authorization = new("Bearer", "scim_1_bulk") } };
        var watch = Stopwatch.StartNew();
        using var answer = await gateway.Client.SendAsync(bulk);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Scim-Operations"));
        // Nothing is left of a burst of 100 but what has come back since.
        var next = await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => GetAsync(gateway, "scim_1_bulk")));
        Assert.InRange(next.Count(response => response.StatusCode == HttpStatusCode.OK), 0, BackSince(watch));
    }

    /// <summary>At 25 a second, in portions of a second.</summary>
    private static int BackSince(Stopwatch watch) => 25 * (1 + (int)Math.Ceiling(watch.Elapsed.TotalSeconds));

    private static Task<HttpResponseMessage> GetAsync(GatewayUnderTest gateway, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.ScimBase + "/Users");
        request.Headers.Authorization = new("Bearer", token);
        return gateway.Client.SendAsync(request);
    }
}
