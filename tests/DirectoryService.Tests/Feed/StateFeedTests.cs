using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Contracts.Events.V1;
using ServiceDefaults.DirectoryState;

namespace DirectoryService.Tests.Feed;

/// <summary>The state feed as another service reads it.</summary>
public sealed class StateFeedTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task It_tells_users_groups_and_members_as_they_are_with_the_versions_of_their_last_facts()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var ada = await scim.CreateUserAsync("ada@example.com", ""","emails":[{"value":"ada@example.com"}],"externalId":"e1" """);
        var bob = await scim.CreateUserAsync("bob@example.com");
        await scim.PatchAsync($"/Users/{bob}", """{"op":"replace","value":{"active":false}}""");
        var gone = await scim.CreateUserAsync("gone@example.com");
        var team = await scim.CreateGroupAsync("Team", ada, bob, gone);
        await scim.SendAsync("DELETE", $"/Users/{gone}");

        var facts = await ReadAsync(fact => DirectoryOf(fact) == scim.DirectoryId);

        var directory = Assert.Single(facts.OfType<DirectoryChanged>());
        Assert.Equal("Okta", directory.Provider);
        var users = facts.OfType<UserChanged>().ToDictionary(user => user.UserName);
        Assert.Equal(["ada@example.com", "bob@example.com", "gone@example.com"], users.Keys.Order());
        Assert.Equal((UserStatus.Active, 0L, "ada@example.com", "e1", ada), (users["ada@example.com"].Status, users["ada@example.com"].Deactivations, users["ada@example.com"].Email, users["ada@example.com"].ExternalId, users["ada@example.com"].ScimId));
        Assert.Equal((UserStatus.Unassigned, 1L, 2L), (users["bob@example.com"].Status, users["bob@example.com"].Deactivations, users["bob@example.com"].Version));
        Assert.Equal(UserStatus.Removed, users["gone@example.com"].Status);
        var group = Assert.Single(facts.OfType<GroupChanged>());
        Assert.Equal((team, GroupStatus.Live, "Team"), (group.ScimId, group.Status, group.DisplayName));
        var members = Assert.Single(facts.OfType<MembersChanged>());
        Assert.Equal((group.GroupId, team, group.Version), (members.GroupId, members.GroupScimId, members.Version));
        Assert.Equal(
            new[] { (users["ada@example.com"].UserId, ada), (users["bob@example.com"].UserId, bob) }.Order(),
            members.Edges.Select(edge => (edge.UserId, edge.UserScimId)).Order());
        Assert.All(facts, fact => Assert.Equal(Change.Stated, fact.Change));
        foreach (var fact in facts.Where(fact => fact is UserChanged or GroupChanged))
            Assert.Equal(fact.Version, (await fixture.EventsAsync(fact is UserChanged user ? user.UserId : ((GroupChanged)fact).GroupId)).Max(logged => logged.Version));
    }

    [Fact]
    public async Task Members_come_in_parts_of_at_most_a_thousand()
    {
        var scim = await fixture.DirectoryAsync();
        var group = await scim.CreateGroupAsync("Many");
        await fixture.ScalarAsync<long>("""
            WITH made AS (
              INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, user_name_key, document, created_at, modified_at)
              SELECT gen_random_uuid(), d.account_id, d.id, gen_random_uuid(), 1, 1, true, 'many' || n, jsonb_build_object('userName', 'many' || n), now(), now()
              FROM directories d, generate_series(1, 2500) n WHERE d.id = $1 RETURNING scim_id, account_id),
            joined AS (INSERT INTO group_members (group_scim_id, user_scim_id, account_id) SELECT $2, scim_id, account_id FROM made RETURNING 1)
            SELECT count(*) FROM joined
            """, scim.DirectoryId, group);

        var parts = (await ReadAsync(fact => fact is MembersChanged members && members.GroupScimId == group)).Cast<MembersChanged>().ToList();

        Assert.Equal([1000, 1000, 500], parts.Select(part => part.Edges.Count));
        Assert.Equal(2500, parts.SelectMany(part => part.Edges).Select(edge => edge.UserScimId).Distinct().Count());
    }

    [Fact]
    public async Task A_feed_that_was_cut_off_is_no_state()
    {
        await fixture.DirectoryAsync(); // something to tell
        using var admin = await fixture.AdminAsync();
        var whole = await admin.GetStringAsync("/internal/v1/state");
        var cut = whole[..whole.TrimEnd().LastIndexOf('\n')];
        var feed = new DirectoryStateClient(new HttpClient(new FixedResponseHandler(cut)) { BaseAddress = fixture.Address });
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in feed.ReadStateAsync("token", CancellationToken.None)) { }
        });
    }

    [Fact]
    public async Task It_is_closed_without_an_access_token()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.GetAsync("/internal/v1/state")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.GetAsync("/internal/v1/backlog")).StatusCode);
    }

    [Fact]
    public async Task The_backlog_is_empty_once_all_is_published()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateUserAsync("published@example.com");
        using var admin = await fixture.AdminAsync();
        await Testing.Eventually.BecomesAsync("an empty backlog",
            async () => (await admin.GetFromJsonAsync<JsonObject>("/internal/v1/backlog"))!, backlog => backlog["events"]!.GetValue<long>() == 0 && backlog["oldest"] is null);
    }

    private async Task<IReadOnlyList<IFact>> ReadAsync(Func<IFact, bool> wanted)
    {
        using var admin = await fixture.AdminAsync();
        var feed = new DirectoryStateClient(new HttpClient { BaseAddress = fixture.Address });
        var facts = new List<IFact>();
        await foreach (var fact in feed.ReadStateAsync(admin.DefaultRequestHeaders.Authorization!.Parameter!, CancellationToken.None))
            if (wanted(fact)) facts.Add(fact);
        return facts;
    }

    private static Guid? DirectoryOf(IFact fact) => fact switch
    {
        UserChanged user => user.DirectoryId,
        GroupChanged group => group.DirectoryId,
        MembersChanged members => members.DirectoryId,
        DirectoryChanged directory => directory.DirectoryId,
        _ => null,
    };

    /// <summary>Any request is answered with this text.</summary>
    private sealed class FixedResponseHandler(string text) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(text, Encoding.UTF8, "application/x-ndjson") });
    }
}
