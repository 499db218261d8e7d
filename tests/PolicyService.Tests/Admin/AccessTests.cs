using System.Net;
using System.Net.Http.Headers;
using Testing;

namespace PolicyService.Tests.Admin;

/// <summary>Faulty access tokens are refused, no account reaches what belongs to another, and each refusal says what is wrong.</summary>
public sealed class AccessTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_token_with_any_fault_opens_nothing() =>
        Nothing(await AccessTokenCheck.ComplaintsAsync(new Uri(system.Url + "/api/v1/policies"), system.Tokens.SecurityKey, Guid.NewGuid()));

    [Fact]
    public async Task Every_refusal_says_what_is_wrong_in_words_of_the_API() =>
        Nothing(await ApiRefusals.ComplaintsAsync(system.Url, system.Tokens.Mint(Guid.NewGuid())));

    [Fact]
    public async Task An_account_never_reaches_what_another_has()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await system.ApplyAsync(ada.Is(), staff.Is(), staff.Members(true, ada));
        using var admin = system.Client(account);
        var policy = await admin.PolicyAsync("Access", staff.Id);
        using var owner = Client(account);
        using var stranger = Client(Guid.NewGuid());
        Nothing(await new OtherAccountCases(
            owner, stranger,
            (_, parameter) => parameter switch { "policy" => policy.ToString(), "user" => ada.Id.ToString(), _ => null },
            (method, _) => method == HttpMethod.Put ? new { name = "Taken over", everyone = true } : null)
            .ComplaintsAsync(system.Services, ["/api/v1/policies", $"/api/v1/policies/{policy}/members", $"/api/v1/users/{ada.Id}/policies"]));

        // Ids that stand elsewhere than in the path.
        using var foreign = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.PostAsync("policies/evaluate", new { userId = ada.Id })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await foreign.PostAsync("policies", new { name = "Mine", groupIds = new[] { staff.Id } })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await foreign.PostAsync("policies", new { name = "Mine", everyone = true, excludedUserIds = new[] { ada.Id } })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync($"policies/preview?groupId={staff.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync($"policies/preview?userId={ada.Id}")).Status);
    }

    private HttpClient Client(Guid of) =>
        new() { BaseAddress = new Uri(system.Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", system.Tokens.Mint(of)) } };

    /// <summary>Shows all of them.</summary>
    private static void Nothing(string complaints) => Assert.True(complaints.Length == 0, complaints);
}
