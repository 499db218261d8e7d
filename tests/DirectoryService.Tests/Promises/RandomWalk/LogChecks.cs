using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Npgsql;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>Checks the events log of a directory against its tables: what a consumer of the facts would believe.</summary>
internal sealed class LogChecks(RandomWalkRunner walker, WalkChecks checks)
{
    internal async Task HoldAsync()
    {
        Assert.Empty(await checks.RowsAsync("""
            SELECT concat_ws(' ', aggregate, aggregate_id, count(*), max(version)) FROM events
            WHERE directory_id = $1 AND version IS NOT NULL AND aggregate IN ('user', 'group')
            GROUP BY aggregate, aggregate_id
            HAVING count(*) <> max(version) OR count(DISTINCT version) <> count(*) OR min(version) <> 1
            """));
        Assert.Empty(await checks.RowsAsync("""
            SELECT user_name_key FROM users WHERE directory_id = $1 AND NOT removed GROUP BY user_name_key HAVING count(*) > 1
            """));
        await FactsTellTheRowsAsync();
        await Testing.Eventually.TrueAsync("the outbox is drained", async () => (await checks.RowsAsync(
            "SELECT o.seq::text FROM outbox o JOIN events e ON e.id = o.event_id AND e.at = o.event_at WHERE e.directory_id = $1")).Count == 0, TimeSpan.FromSeconds(60));
        Assert.Empty(await checks.RowsAsync("""
            SELECT concat_ws(' ', e.id, e.change, count(s.position)) FROM events e LEFT JOIN sealed s ON s.event_id = e.id
            WHERE e.directory_id = $1 AND e.version IS NOT NULL GROUP BY e.id, e.change HAVING count(s.position) <> 1
            """));
    }

    /// <summary>Folds the payloads as a reactor does: newest version of each user, group and edge, present incarnations only.</summary>
    private async Task FactsTellTheRowsAsync()
    {
        var users = (await PayloadsAsync(nameof(UserChanged))).Select(json => JsonSerializer.Deserialize(json, ContractsJsonContext.Default.UserChanged)!)
            .GroupBy(fact => fact.UserId).Select(facts => facts.MaxBy(fact => fact.Version)!).ToList();
        var groups = (await PayloadsAsync(nameof(GroupChanged))).Select(json => JsonSerializer.Deserialize(json, ContractsJsonContext.Default.GroupChanged)!)
            .GroupBy(fact => fact.GroupId).Select(facts => facts.MaxBy(fact => fact.Version)!).ToList();
        Assert.Equal(await checks.RowsAsync("SELECT concat_ws(' ', id, scim_id, status, deactivations, document->>'userName') FROM users WHERE directory_id = $1"),
            users.Select(fact => $"{fact.UserId} {fact.ScimId} {Word(fact.Status)} {fact.Deactivations} {fact.UserName}").Order());
        Assert.Equal(await checks.RowsAsync("SELECT concat_ws(' ', id, scim_id, status, document->>'displayName') FROM groups WHERE directory_id = $1"),
            groups.Select(fact => $"{fact.GroupId} {fact.ScimId} {Word(fact.Status)} {fact.DisplayName}").Order());

        var userIds = users.Where(fact => fact.Status != UserStatus.Removed).Select(fact => fact.ScimId).ToHashSet();
        var groupIds = groups.Where(fact => fact.Status != GroupStatus.Removed).Select(fact => fact.ScimId).ToHashSet();
        var edges = (await PayloadsAsync(nameof(MembersChanged))).Select(json => JsonSerializer.Deserialize(json, ContractsJsonContext.Default.MembersChanged)!)
            .SelectMany(fact => fact.Edges.Select(edge => (fact.GroupScimId, edge.UserScimId, fact.Version, edge.Present)))
            .GroupBy(edge => (edge.GroupScimId, edge.UserScimId)).Select(versions => versions.MaxBy(edge => edge.Version))
            .Where(edge => edge.Present && groupIds.Contains(edge.GroupScimId) && userIds.Contains(edge.UserScimId));
        Assert.Equal(await checks.RowsAsync("""
            SELECT concat_ws(' ', m.group_scim_id, m.user_scim_id) FROM group_members m JOIN groups g ON g.scim_id = m.group_scim_id WHERE g.directory_id = $1
            """), edges.Select(edge => $"{edge.GroupScimId} {edge.UserScimId}").Order());
    }

    private async Task<IReadOnlyList<string>> PayloadsAsync(string type)
    {
        await using var command = walker.Fixture.Db.CreateCommand("SELECT payload::text FROM events WHERE directory_id = $1 AND type = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = walker.Scim.DirectoryId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = type });
        var payloads = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) payloads.Add(reader.GetString(0));
        return payloads;
    }

    private static string Word<T>(T status) where T : Enum => status.ToString().ToLowerInvariant();
}
