using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using DirectoryService.Protocol.Patch;
using DirectoryService.Storage;
using DirectoryService.Users;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>
/// Changes the members of a group whose row is locked, and writes the events, in one statement:
/// <code>
/// gone  ─┐
///        ├─► edges ─► parts of 1,000 ─► group version + parts ─► one MembersChanged event and outbox row per part
/// came  ─┘
/// </code>
/// Adding an existing member, or removing a missing one, makes no edge and no event.
/// </summary>
internal static class MembershipSql
{
    /// <summary>Command timeout in seconds for statements over the members of a large group (scim.md, limits of a request).</summary>
    private const int LargeGroupSeconds = 60;

    /// <summary>
    /// Finds the given ids that cannot become members: ids that the directory never issued, and ids of removed users, which an
    /// IdP may still send.
    /// </summary>
    internal static async Task<IneligibleMembers> ListIneligibleAsync(
        NpgsqlDataSource db, Guid directoryId, MembershipChange members, CancellationToken cancellationToken)
    {
        if (members.Present.Count == 0) return new IneligibleMembers(0, [], []).With(members);
        await using var command = db.CreateCommand($"""
            WITH strangers AS (
              SELECT asked.id,
                NOT EXISTS (SELECT FROM users u WHERE u.scim_id = asked.id AND u.directory_id = $1)
                AND NOT EXISTS (SELECT FROM retired_scim_ids r WHERE r.directory_id = $1 AND r.scim_id = asked.id) AS unknown
              FROM unnest($2::uuid[]) AS asked (id)
              WHERE NOT EXISTS (SELECT FROM users u WHERE u.scim_id = asked.id AND u.directory_id = $1 AND NOT u.removed))
            SELECT count(*), (array_agg(id ORDER BY id))[:{IneligibleMembers.Named}], (array_agg(id ORDER BY id) FILTER (WHERE unknown))[:{IneligibleMembers.Named}] FROM strangers
            """);
        command.CommandTimeout = LargeGroupSeconds;
        command.Parameters.With(directoryId).With(members.Present.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new IneligibleMembers(reader.GetInt64(0), Ids(1), Ids(2)).With(members);

        string[] Ids(int column) => reader.IsDBNull(column) ? [] : [.. reader.GetFieldValue<Guid[]>(column).Select(id => id.ToString())];
    }

    /// <summary>Applies a change of members. Returns the group's version afterwards, unchanged when no edge changed.</summary>
    /// <param name="touch">Whether another event of this request already changed the group's ETag and time.</param>
    internal static async Task<(long Version, long ScimVersion, bool Changed)> ApplyAsync(
        NpgsqlTransaction transaction, GroupRow group, MembershipChange change, Actor actor, DateTimeOffset at, bool touch, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { Timeout = LargeGroupSeconds };
        batch.BatchCommands.Add(Statement(group.ScimId, change, actor, at, touch));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), reader.GetInt64(1), true)
            : (group.Version, group.ScimVersion, false);
    }

    /// <summary>
    /// Locks the group, applies several changes, writes the events and commits in one round trip, so that the lock is held as
    /// briefly as possible. Returns for each change the group afterwards and whether it changed anything; null when the
    /// directory removed the group or never had it. A group deleted in the console is returned unchanged.
    /// </summary>
    internal static async Task<IReadOnlyList<(GroupRow Group, bool Changed)?>> ChangeAsync(
        NpgsqlDataSource db, Guid directoryId, Guid groupScimId, IReadOnlyList<GroupMemberChange> changes, CancellationToken cancellationToken)
    {
        await using var batch = db.CreateBatch(); // a batch outside of a transaction is one transaction
        batch.Timeout = LargeGroupSeconds;
        var locked = new NpgsqlBatchCommand($"SELECT {GroupRow.ShownColumns} FROM groups WHERE directory_id = $1 AND scim_id = $2 AND NOT removed FOR UPDATE");
        locked.Parameters.With(directoryId).With(groupScimId);
        batch.BatchCommands.Add(locked);
        // Separate statements, so that each sees what was committed while the first one waited for the lock, and the changes of
        // the previous ones.
        foreach (var change in changes) batch.BatchCommands.Add(Statement(groupScimId, change.Members, change.Actor, change.At, touched: false, directoryId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new (GroupRow, bool)?[changes.Count];
        var group = GroupRow.ReadShown(reader);
        var results = new List<(GroupRow, bool)?>(changes.Count);
        foreach (var change in changes)
        {
            await reader.NextResultAsync(cancellationToken);
            var changed = await reader.ReadAsync(cancellationToken);
            if (changed) group = group with { Version = reader.GetInt64(0), ScimVersion = reader.GetInt64(1), ModifiedAt = change.At };
            results.Add((group, changed));
        }
        return results;
    }

    private static NpgsqlBatchCommand Statement(
        Guid groupScimId, MembershipChange change, Actor actor, DateTimeOffset at, bool touched, Guid? ofDirectory = null)
    {
        // The difference is computed with EXCEPT and index look-ups. The plan of a join of two large sets would depend on
        // estimates, and a statement that adds or removes k members must not read the others.
        const string present = "SELECT user_scim_id FROM group_members WHERE group_scim_id = $1";
        var goes = change.ReplaceAll ? $"ARRAY({present} EXCEPT SELECT unnest($2))" : "$3";
        var comes = change.ReplaceAll ? $"ARRAY(SELECT unnest($2) EXCEPT {present})" : "$2";
        var command = new NpgsqlBatchCommand($"""
            WITH g AS MATERIALIZED (
              SELECT id, account_id, directory_id, scim_id, version FROM groups
              WHERE scim_id = $1 AND {GroupRow.Visible} AND ($7 IS NULL OR directory_id = $7)),
            gone AS (
              DELETE FROM group_members m USING g WHERE m.group_scim_id = $1 AND m.user_scim_id = ANY({goes})
              RETURNING m.user_scim_id),
            came AS (
              INSERT INTO group_members (group_scim_id, user_scim_id, account_id)
              SELECT $1, u.scim_id, g.account_id FROM g JOIN users u ON u.account_id = g.account_id
              WHERE u.scim_id = ANY({comes}) AND NOT u.removed
                AND (g.directory_id IS NULL OR u.directory_id = g.directory_id) -- a user-defined group takes users of any directory
              ORDER BY u.scim_id
              ON CONFLICT DO NOTHING
              RETURNING user_scim_id),
            edges AS (
              SELECT u.id AS user_id, e.user_scim_id, e.present,
                     (row_number() OVER (ORDER BY e.present, e.user_scim_id) - 1) / {MembersChanged.MaxEdges} AS part
              FROM (SELECT user_scim_id, false AS present FROM gone UNION ALL SELECT user_scim_id, true FROM came) e
              JOIN users u ON u.scim_id = e.user_scim_id),
            parts AS (
              SELECT part, jsonb_agg(jsonb_build_object('userId', user_id, 'userScimId', user_scim_id, 'present', present)) AS edges
              FROM edges GROUP BY part),
            moved AS (
              UPDATE groups SET version = groups.version + (SELECT count(*) FROM parts),
                scim_version = scim_version + $6, modified_at = $4
              FROM g WHERE groups.id = g.id AND EXISTS (SELECT FROM parts)
              RETURNING groups.version, scim_version),
            logged AS (
              INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, actor)
              SELECT f.id, $4, g.account_id, g.directory_id, 'group', g.id, g.version + f.step, 'MembersChanged', '{Change.MembersChanged}',
                     jsonb_build_object('eventId', f.id, 'accountId', g.account_id, 'directoryId', g.directory_id, 'groupId', g.id, 'groupScimId', g.scim_id,
                       'version', g.version + f.step, 'edges', f.edges, 'change', '{Change.MembersChanged}', 'actor', $5::jsonb, 'at', $4::timestamptz), $5
              FROM g, (SELECT gen_random_uuid() AS id, 1 + part AS step, edges FROM parts ORDER BY part) f
              RETURNING id, at, account_id, version),
            queued AS (INSERT INTO outbox (event_id, event_at, account_id) SELECT id, at, account_id FROM logged ORDER BY version)
            SELECT version, scim_version FROM moved
            """);
        command.Parameters.With(groupScimId).With(change.Present.ToArray()).With(change.Absent.ToArray())
            .With(at).WithJson(JsonSerializer.Serialize(actor, ContractsJsonContext.Default.Actor)).With(touched ? 0 : 1).WithUuid(ofDirectory);
        return command;
    }

    /// <summary>The number of leading groups with at most <paramref name="budget"/> members in total; at least one.</summary>
    internal static async Task<int> CountFittingGroupsAsync(NpgsqlDataSource db, IReadOnlyList<Guid> groupScimIds, int budget, CancellationToken cancellationToken)
    {
        if (groupScimIds.Count < 2) return groupScimIds.Count;
        await using var command = db.CreateCommand("""
            SELECT greatest(1, count(*)) FROM (
              SELECT sum(m.members) OVER (ORDER BY g.n) AS so_far
              FROM unnest($1::uuid[]) WITH ORDINALITY AS g (id, n)
              CROSS JOIN LATERAL (SELECT count(*) AS members FROM (SELECT FROM group_members WHERE group_scim_id = g.id LIMIT $2 + 1) few) m) running
            WHERE so_far <= $2
            """);
        command.Parameters.With(groupScimIds.ToArray()).With(budget);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads the groups of these users for the attribute <c>groups</c>: user, group and display name.</summary>
    internal static async Task<ILookup<Guid, GroupOfUser>> GroupsOfAsync(
        NpgsqlDataSource db, Guid directoryId, IReadOnlyCollection<Guid> userScimIds, CancellationToken cancellationToken)
    {
        // A single user (a look-up) gets its own statement. For an array the planner assumes ten elements in a generic plan,
        // considers that costlier than a custom plan, and plans the statement each time.
        var isOne = userScimIds.Count == 1;
        await using var command = db.CreateCommand($"""
            SELECT m.user_scim_id, g.scim_id, g.document->>'displayName'
            FROM group_members m JOIN groups g ON g.scim_id = m.group_scim_id AND g.directory_id = $1 AND {GroupRow.Visible}
            WHERE m.user_scim_id = {(isOne ? "$2" : "ANY($2)")} ORDER BY m.user_scim_id, g.scim_id
            """);
        command.Parameters.With(directoryId);
        if (isOne) command.Parameters.With(userScimIds.First());
        else command.Parameters.With(userScimIds.ToArray());
        var found = new List<(Guid User, Guid Group, string Name)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) found.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)));
        return found.ToLookup(edge => edge.User, edge => new GroupOfUser(edge.Group, edge.Name));
    }

    /// <summary>
    /// Streams the SCIM ids and display names of members: group after group in the given order, by id within a group. Stopping
    /// the enumeration cancels the query.
    /// </summary>
    internal static async IAsyncEnumerable<(Guid GroupScimId, Guid UserScimId, string Display)> ReadAsync(
        NpgsqlDataSource db, IReadOnlyCollection<Guid> groupScimIds,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT m.group_scim_id, m.user_scim_id, coalesce(u.display_name, u.document->>'userName')
            FROM unnest($1) WITH ORDINALITY AS asked (id, n)
            JOIN group_members m ON m.group_scim_id = asked.id
            JOIN users u ON u.scim_id = m.user_scim_id AND NOT u.removed
            ORDER BY asked.n, m.user_scim_id
            """);
        command.CommandTimeout = LargeGroupSeconds;
        command.Parameters.With(groupScimIds.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ended = false;
        try
        {
            while (await reader.ReadAsync(cancellationToken)) yield return (reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2));
            ended = true;
        }
        finally
        {
            // Without cancelling, closing the reader would read all remaining members.
            if (!ended) command.Cancel();
        }
    }
}

/// <summary>Ids that cannot become members.</summary>
/// <param name="Count">The number of all of them.</param>
/// <param name="First">At most <see cref="Named"/> of them.</param>
/// <param name="Unknown">At most <see cref="Named"/> of those that the directory never issued.</param>
internal sealed record IneligibleMembers(long Count, IReadOnlyList<string> First, IReadOnlyList<string> Unknown)
{
    internal const int Named = 10;

    /// <summary>Adds ids that do not have the form of this service's ids.</summary>
    internal IneligibleMembers With(MembershipChange members) => new(
        Count + members.ForeignFormIdCount, [.. First.Concat(members.ForeignFormIds).Take(Named)], [.. Unknown.Concat(members.ForeignFormIds).Take(Named)]);

    /// <summary>The text about them in the group's timeline.</summary>
    internal string Skipped => Count == First.Count
        ? $"Skipped as members, because they are no users of this directory now: {string.Join(", ", First)}."
        : $"Skipped as members, because they are no users of this directory now: {string.Join(", ", First)} and {Count - First.Count} more.";
}
