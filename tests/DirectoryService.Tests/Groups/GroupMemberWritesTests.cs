using System.Net;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Groups;

/// <summary>Members that many connections add to one group at the same time.</summary>
public sealed class GroupMemberWritesTests(DirectoryFixture fixture)
{
    private const int Members = 150;

    [Fact]
    public async Task Changes_of_the_same_time_share_transactions_and_each_has_its_own_version()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var group = await scim.CreateGroupAsync("Everybody");
        await scim.CreateUserAsync("one");
        var users = await fixture.CopyUsersAsync(scim, Members);
        Task<Answer>[] changes;
        // The first one waits for the lock until all have been sent, so that others come while it has the group.
        await using (var holder = await fixture.Db.OpenConnectionAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand("SELECT FROM groups WHERE scim_id = $1 FOR UPDATE", holder, transaction) { Parameters = { new() { Value = group } } })
                await hold.ExecuteNonQueryAsync();
            changes = [.. users.Select(user => scim.PatchAsync($"/Groups/{group}", Operation("add", user)))];
            await Eventually.TrueAsync("a change to wait", async () => await fixture.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY(pg_blocking_pids(pid)))", holder.ProcessID));
        }
        var answers = await Task.WhenAll(changes);

        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.OK, $"{answer.Body}"));
        Assert.Equal(Members, await fixture.ScalarAsync<long>("SELECT count(*) FROM group_members WHERE group_scim_id = $1", group));
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", group);
        Assert.Equal(Enumerable.Range(1, Members + 1).Select(version => (long?)version), (await fixture.EventsAsync(id)).Select(logged => logged.Version).Order());
        Assert.InRange(await fixture.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM events WHERE aggregate_id = $1", id), 1, Members);
    }

    [Fact]
    public async Task What_one_adds_another_removes_and_the_versions_tell_in_which_order()
    {
        var scim = await fixture.DirectoryAsync();
        var group = await scim.CreateGroupAsync("Doors");
        var user = await scim.CreateUserAsync("one");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => scim.PatchAsync($"/Groups/{group}", Operation(i % 2 == 0 ? "add" : "remove", user))));
        // Only real changes are told, so adds and removals alternate, beginning with an add.
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", group);
        var told = await fixture.ScalarAsync<bool[]>(
            "SELECT array_agg((payload->'edges'->0->>'present')::boolean ORDER BY version) FROM events WHERE aggregate_id = $1 AND type = 'MembersChanged'", id);
        Assert.Equal(Enumerable.Range(0, told.Length).Select(i => i % 2 == 0), told);
        Assert.Equal(told[^1] ? 1 : 0, await fixture.ScalarAsync<long>("SELECT count(*) FROM group_members WHERE group_scim_id = $1", group));
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_told_to_each_of_those_who_ask()
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("one");
        var none = Guid.NewGuid();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scim.PatchAsync($"/Groups/{none}", Operation("add", user))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
    }

    private static string Operation(string verb, Guid user) => verb == "add"
        ? $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}"""
        : $$"""{"op":"remove","path":"members[value eq \"{{user}}\"]"}""";
}
