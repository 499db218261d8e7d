using System.Net.Http.Headers;
using Testing;

namespace LicenseService.Tests.Admin;

/// <summary>Faulty access tokens are refused, no account reaches what belongs to another, and each refusal says what is wrong.</summary>
public sealed class AccessTests(LicenseSystem system)
{
    [Fact]
    public async Task A_token_with_any_fault_opens_nothing() =>
        Nothing(await AccessTokenCheck.ComplaintsAsync(new Uri(system.Url + "/api/v1/licenses/pools"), system.Tokens.SecurityKey, Guid.NewGuid()));

    [Fact]
    public async Task Every_refusal_says_what_is_wrong_in_words_of_the_API() =>
        Nothing(await ApiRefusals.ComplaintsAsync(system.Url, system.Tokens.Mint(Guid.NewGuid())));

    [Fact]
    public async Task An_account_never_reaches_what_another_has()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 5);
        var (rule, hold) = (await tenant.RuleAsync(), Guid.NewGuid());
        await tenant.ApplyAsync(Facts.Directory(1, tenant.Account, tenant.Directory) with
        {
            LastAlert = new() { AlertId = hold, At = TimeProvider.System.GetUtcNow(), Deactivated = 600, Users = 2_000 },
        });
        await tenant.SettledAsync();
        var work = (await tenant.Client.GetAsync("work")).Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        using var owner = Client(tenant.Account);
        using var stranger = Client(Guid.NewGuid());
        string[] views = ["pools", $"pools/{tenant.Pool}/rules", $"pools/{tenant.Pool}/assignments", "holds", $"users/{tenant.Users[0].UserId}"];
        Nothing(await new OtherAccountCases(
            owner, stranger,
            (_, parameter) => parameter switch
            {
                "pool" => tenant.Pool.ToString(),
                "user" => tenant.Users[0].UserId.ToString(),
                "rule" => rule.ToString(),
                "hold" => hold.ToString(),
                "work" => work.ToString(),
                _ => null,
            },
            (method, path) => path switch
            {
                _ when method == HttpMethod.Get || method == HttpMethod.Delete => null,
                "/api/v1/licenses/pools/{pool}" or "/api/v1/licenses/pools/{pool}/preview" => new { seats = 9 },
                "/api/v1/licenses/pools/{pool}/rules" or "/api/v1/licenses/pools/{pool}/rules/preview" => new { kind = "allUsers" },
                "/api/v1/licenses/pools/{pool}/rules/{rule}" => new { order = 7 },
                _ => null,
            }).ComplaintsAsync(system.Services, [.. views.Select(view => "/api/v1/licenses/" + view)]));
        Assert.Equal("open", (await tenant.Client.GetAsync($"holds/{hold}")).Body.GetProperty("state").GetString());
    }

    private HttpClient Client(Guid account) =>
        new() { BaseAddress = new Uri(system.Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", system.Tokens.Mint(account)) } };

    /// <summary>Shows all of them.</summary>
    private static void Nothing(string complaints) => Assert.True(complaints.Length == 0, complaints);
}
