using System.Net;
using ServiceDefaults.Access;
using Testing;

namespace LicenseService.Tests.Pools;

public sealed class PoolEndpointsTests(LicenseSystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_pool_is_made_listed_and_resized()
    {
        using var client = system.Client(account);
        Assert.Equal("""{"items":[]}""", (await client.GetAsync("pools")).Body.GetRawText());
        var made = await client.PostAsync("pools", new { product = "ztna", seats = 5 });
        var id = made.Body.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"/api/v1/licenses/pools/{id}", made.Location);
        Assert.Equal($$"""{"id":"{{id}}","product":"ZTNA","seats":5,"used":0,"free":5,"held":0,"waiting":0}""", made.Body.GetRawText());
        Assert.Equal($$"""{"items":[{{made.Body.GetRawText()}}]}""", (await client.GetAsync("pools")).Body.GetRawText());
        Assert.Equal(7, (await client.PutAsync($"pools/{id}", new { seats = 7 })).Body.GetProperty("free").GetInt32());
    }

    [Fact]
    public async Task An_account_has_one_pool_of_a_product()
    {
        using var client = system.Client(account);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsync("pools", new { product = "ZTNA", seats = 5 })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.Equal("poolExists", answer.Reason);
        });
    }

    [Fact]
    public async Task A_pool_does_not_shrink_below_the_seats_in_use()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 5);
        for (var i = 0; i < 3; i++)
        {
            var fact = Facts.User(version: 1, account);
            await system.ApplyAsync(fact);
            await client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        }
        var refused = await client.PutAsync($"pools/{pool}", new { seats = 2 });
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.StartsWith("3 seats are in use", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync($"pools/{pool}", new { seats = 3 })).Status);
    }

    [Theory]
    [InlineData("""{"product":"VPN","seats":5}""", "'product' must be one of: ZTNA")]
    [InlineData("""{"seats":5}""", "'product'")]
    [InlineData("""{"product":"ZTNA"}""", "'seats'")]
    [InlineData("""{"product":"ZTNA","seats":-1}""", "'seats'")]
    [InlineData("""{"product":"ZTNA","seats":10000001}""", "'seats'")]
    [InlineData("""{"product":"ZTNA","seats":"five"}""", "'seats' must be a whole number")]
    [InlineData("""{"product":"ZTNA",""", "no valid JSON")]
    [InlineData("", "body")]
    public async Task A_body_that_is_wrong_is_answered_with_what_is_wrong(string body, string expected)
    {
        using var client = system.Client(account);
        var answer = await client.PostAsync("pools", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_account_s_pool_is_not_there()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 5);
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"pools/{pool}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PutAsync($"pools/{pool}", new { seats = 0 })).Status);
        Assert.Equal("""{"items":[]}""", (await stranger.GetAsync("pools")).Body.GetRawText());
    }

    [Fact]
    public async Task An_auditor_may_look_but_not_change_pools()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 5);
        using var auditor = system.Client(account, AdminRole.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("pools")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync("pools", new { product = "ZTNA", seats = 5 })).Status);
        var refused = await auditor.PutAsync($"pools/{pool}", new { seats = 9 });
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("role", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_shown()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(system.Url + "/api/v1/licenses/pools"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Authorization: Bearer", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
