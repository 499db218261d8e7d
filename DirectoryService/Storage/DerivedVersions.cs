using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// <c>derived_versions</c>: what a group shows and its row does not tell of. A transaction adds what it changes, and a
/// snapshot sums what it sees, so that no change can stay unseen, whatever the order of commits.
/// <code>
/// a user is removed ─► each of its groups + 1, its directory + 1        a user's name changes ─► its directory + 1
/// </code>
/// </summary>
internal static class DerivedVersions
{
    /// <summary>For a row of <c>groups</c>: members that left with their users.</summary>
    internal const string Departures = "(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = groups.scim_id)";

    /// <summary>For a row of <c>groups</c>: changes of what members may be called.</summary>
    internal const string Displays = "(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = groups.directory_id)";

    /// <summary>The same for a directory that a parameter names.</summary>
    internal static string DisplaysOf(string directory) => $"(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = {directory})";

    /// <summary>Those of a scan, which reads rows alone, with what their versions are made of.</summary>
    internal static async Task<IReadOnlyList<GroupRow>> CompleteAsync(NpgsqlDataSource db, IReadOnlyList<GroupRow> groups, CancellationToken cancellationToken)
    {
        var without = groups.Where(group => group.Displays is null).Select(group => group.ScimId).ToArray();
        if (without.Length == 0) return groups;
        await using var command = db.CreateCommand($"SELECT scim_id, {Departures}, {Displays} FROM groups WHERE scim_id = ANY($1)");
        command.Parameters.With(without);
        var found = new Dictionary<Guid, (long Departures, long Displays)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) found[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return [.. groups.Select(group => found.TryGetValue(group.ScimId, out var counted)
            ? group with { Departures = counted.Departures, Displays = counted.Displays } : group)];
    }

    /// <summary>Whether a write changes what groups show of the user.</summary>
    internal static bool AreMovedBy(UserRow before, UserRow after) => Leaves(before, after) || Shown(before) != Shown(after);

    internal static bool Leaves(UserRow before, UserRow after) => after.State.Removed && !before.State.Removed;

    /// <summary>A CTE behind <c>changed</c> (directory_id) and, where the user leaves, <c>left_groups</c> (group_scim_id).</summary>
    internal static string Cte(UserRow before, UserRow after) => !AreMovedBy(before, after) ? "" : $"""
        derived AS (
          INSERT INTO derived_versions AS v (owner, shard, n)
          SELECT owner, {Shard(before)}, 1
          FROM (SELECT directory_id AS owner FROM changed {(Leaves(before, after) ? "UNION ALL SELECT group_scim_id FROM left_groups" : "")}) moved
          WHERE owner IS NOT NULL
          ORDER BY owner -- one order, so that two removals cannot wait for each other
          ON CONFLICT (owner, shard) DO UPDATE SET n = v.n + 1),
        """;

    /// <summary>One of sixteen statements, so that each can be prepared.</summary>
    private static int Shard(UserRow user) => user.Id.ToByteArray()[0] & 15;

    private static string Shown(UserRow user) => user.Derived.DisplayName ?? user.Derived.UserName;
}
