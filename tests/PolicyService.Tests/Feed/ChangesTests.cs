using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using PolicyService.Feed;
using ServiceDefaults.Access;

namespace PolicyService.Tests.Feed;

/// <summary>Alone, because retention is of all accounts: others would find their feeds expired.</summary>
[Collection(nameof(ChangesTests))]
[CollectionDefinition(nameof(ChangesTests), DisableParallelization = true)]
public sealed class ChangesTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    /// <summary>Records behind <paramref name="after"/>: <c>reason +joined -left</c>.</summary>
    private static async Task<List<string>> ChangesAsync(PolicyClient client, long after) =>
        [.. (await client.GetAsync($"policies/changes?after={after}")).Body.GetProperty("items").EnumerateArray().Select(record => record.GetProperty("reason").GetString()
            + (record.TryGetProperty("joined", out var joined) && joined.GetArrayLength() > 0 ? $" +{joined.GetArrayLength()}" : "")
            + (record.TryGetProperty("left", out var left) && left.GetArrayLength() > 0 ? $" -{left.GetArrayLength()}" : "")
            + (record.TryGetProperty("reRead", out var again) ? $" reRead {again.GetArrayLength()}" : ""))];

    private static async Task<long> NewestAsync(PolicyClient client) => (await client.GetAsync("policies/changes")).Body.GetProperty("newest").GetInt64();

    [Fact]
    public async Task A_fact_tells_the_differences_and_a_toggle_tells_one_record_whatever_the_size()
    {
        var users = Enumerable.Range(0, 300).Select(n => new TestUser(account, $"user{n}")).ToArray();
        var (staff, guests) = (new TestGroup(account, "Staff"), new TestGroup(account, "Guests"));
        await system.ApplyAsync([staff.Is(), guests.Is(), .. users.Select(user => user.Is())]);
        using var client = system.Client(account);
        var access = await client.PolicyAsync("Access", staff.Id);
        await client.PolicyAsync(new { name = "Web", groupIds = Array.Empty<Guid>(), everyone = true, excludedGroupIds = new[] { guests.Id } });
        Assert.Equal(["policyCreated reRead 1", "policyCreated reRead 1"], await ChangesAsync(client, 0));

        async Task TellsAsync(Func<Task> happens, params string[] expected)
        {
            var before = await NewestAsync(client);
            await happens();
            Assert.Equal(expected, await ChangesAsync(client, before));
        }

        await TellsAsync(() => system.ApplyAsync(staff.Members(true, users)), "members +300");
        await TellsAsync(() => system.ApplyAsync(guests.Members(true, users[..2])), "members -2");
        await TellsAsync(() => system.ApplyAsync(users[2].Is(UserStatus.Disabled)), "members -1", "members -1");
        await TellsAsync(() => system.ApplyAsync(users[2].Is(UserStatus.Deleted)));
        await TellsAsync(() => system.ApplyAsync(users[2].Is()), "members +1", "members +1");
        await TellsAsync(() => system.ApplyAsync(staff.Is(GroupStatus.Disabled)), "groupChanged reRead 1");
        await TellsAsync(() => system.ApplyAsync(staff.Is(GroupStatus.Deleted)));
        await TellsAsync(() => system.ApplyAsync(staff.Is()), "groupChanged reRead 1");
        await TellsAsync(() => system.ApplyAsync(staff.ComesBack()), "groupChanged reRead 1");
        await TellsAsync(() => system.ApplyAsync(new TestGroup(account, "Unnamed").Is()));
        await TellsAsync(() => client.PutAsync($"policies/{access}", new { name = "Access", groupIds = new[] { staff.Id }, enabled = false }), "policyChanged reRead 1");
        await TellsAsync(() => client.PutAsync($"policies/{access}", new { name = "Access", groupIds = new[] { staff.Id }, enabled = false }));
        await TellsAsync(() => client.DeleteAsync($"policies/{access}"), "policyDeleted reRead 1");
        await TellsAsync(() => client.DeleteAsync($"policies/{access}"));
    }

    [Fact]
    public async Task A_toggle_writes_one_row_of_what_is_known_and_one_record_whatever_the_size()
    {
        var users = Enumerable.Range(0, 200).Select(n => new TestUser(account, $"user{n}")).ToArray();
        var (staff, other) = (new TestGroup(account, "Staff"), new TestGroup(account, "Other"));
        await system.ApplyAsync([staff.Is(), other.Is(), .. users.Select(user => user.Is()), staff.Members(true, users)]);
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id, other.Id);

        var before = await VersionsAsync();
        await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = new[] { other.Id, staff.Id }, enabled = false });
        await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = new[] { other.Id, staff.Id }, enabled = true });
        Assert.Equal([$"policies {policy}"], await ChangedAsync(before));
        before = await VersionsAsync();
        await system.ApplyAsync(staff.Is(GroupStatus.Disabled));
        Assert.Equal([$"groups {staff.Id}"], await ChangedAsync(before));
        Assert.Equal(4, await NewestAsync(client));

        async Task<List<string>> ChangedAsync(List<string> since) => [.. (await VersionsAsync()).Except(since).Select(row => row[..row.LastIndexOf(' ')])];

        // The transaction that wrote a row is part of it; a lock leaves no trace there.
        Task<List<string>> VersionsAsync() => system.RowsAsync(
            """
            SELECT concat_ws(' ', 'users', user_id, xmin) FROM users WHERE account_id = $1
            UNION ALL SELECT concat_ws(' ', 'groups', group_id, xmin) FROM groups WHERE account_id = $1
            UNION ALL SELECT concat_ws(' ', 'edges', user_id, xmin) FROM edges WHERE account_id = $1
            UNION ALL SELECT concat_ws(' ', 'policies', policy_id, xmin) FROM policies WHERE account_id = $1
            UNION ALL SELECT concat_ws(' ', 'terms', subject_id, xmin) FROM policy_terms WHERE account_id = $1
            UNION ALL SELECT concat_ws(' ', 'history', entry, xmin) FROM membership_history WHERE account_id = $1
            """,
            row => row.GetString(0), account);
    }

    [Fact]
    public async Task Positions_of_one_account_are_not_those_of_another()
    {
        using var client = system.Client(account);
        using var stranger = system.Client(Guid.NewGuid());
        await client.PolicyAsync("Access");
        await stranger.PolicyAsync("Theirs");
        Assert.Equal(1, await NewestAsync(client));
        Assert.Equal(1, await NewestAsync(stranger));
        Assert.Equal(HttpStatusCode.OK, (await system.Client(account, AdminRole.Auditor).GetAsync("policies/changes")).Status);
    }

    [Fact]
    public async Task A_position_that_has_expired_is_told_with_what_to_do()
    {
        using var client = system.Client(account);
        for (var n = 0; n < 5; n++) await client.PolicyAsync($"Policy {n}");
        var middle = (await client.GetAsync("policies/changes?after=2&limit=1")).Body.GetProperty("items")[0].GetProperty("at").GetDateTimeOffset();
        await system.Services.GetRequiredService<FeedRetention>().DeleteExpiredAsync(middle, CancellationToken.None);

        var lost = await client.GetAsync("policies/changes?after=1");
        Assert.Equal(HttpStatusCode.Gone, lost.Status);
        Assert.Equal("positionExpired", lost.Reason);
        Assert.Contains("Read everything again", lost.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync("policies/changes/stream?after=1")).Status);
        Assert.Equal(["policyCreated reRead 1", "policyCreated reRead 1", "policyCreated reRead 1"], await ChangesAsync(client, 2));

        await system.Services.GetRequiredService<FeedRetention>().DeleteExpiredAsync(middle + TimeSpan.FromDays(1), CancellationToken.None);
        Assert.Empty(await ChangesAsync(client, 5));
        Assert.Equal(5, await NewestAsync(client));
        await client.PolicyAsync("The next");
        Assert.Equal(["policyCreated reRead 1"], await ChangesAsync(client, 5));
    }

    [Theory]
    [InlineData("policies/changes?after=99", HttpStatusCode.Gone, "positionUnknown")]
    [InlineData("policies/changes/stream?after=99", HttpStatusCode.Gone, "positionUnknown")]
    [InlineData("policies/changes?limit=0", HttpStatusCode.BadRequest, "limitOutOfRange")]
    [InlineData("policies/changes?limit=201", HttpStatusCode.BadRequest, "limitOutOfRange")]
    [InlineData("policies/changes?after=-1", HttpStatusCode.BadRequest, "malformedPosition")]
    [InlineData("policies/changes/stream?after=-1", HttpStatusCode.BadRequest, "malformedPosition")]
    [InlineData("policies/changes?afetr=1", HttpStatusCode.BadRequest, "unknownParameter")]
    [InlineData("policies/changes?after=x", HttpStatusCode.BadRequest, "malformedRequest")]
    public async Task What_cannot_be_answered_is_refused_with_a_reason(string path, HttpStatusCode status, string reason)
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(reason, answer.Reason);
        Assert.NotEmpty(answer.Detail!);
    }

    [Fact]
    public async Task What_is_told_at_the_same_moment_by_two_replicas_is_told_once_and_in_order()
    {
        await using var replica = system.BuildReplica();
        var users = Enumerable.Range(0, 40).Select(n => new TestUser(account, $"user{n}")).ToArray();
        var staff = new TestGroup(account, "Staff");
        await system.ApplyAsync([staff.Is(), .. users.Select(user => user.Is(UserStatus.Unassigned))]);
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id);
        var follower = await FeedFollower.StartAsync(client);
        // Neither fact alone makes a member: who saw only its own would tell nothing.
        foreach (var user in users)
        {
            var (active, member) = (user.Is(), staff.Members(true, user));
            await Task.WhenAll(system.ApplyAsync(active), PolicySystem.ApplyAsync(replica, member));
        }
        await follower.CatchUpAsync();
        Assert.Equal(users.Length, follower.Members.Count);
        Assert.Equal(0, follower.Repeated);
        Assert.All(follower.Reasons, reason => Assert.Equal("members", reason));
    }
}
