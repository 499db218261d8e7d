using DirectoryService.Storage;
using DirectoryService.Users;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>
/// <c>derived_versions</c>: counters of changes that affect the representation of groups but not their rows. A transaction adds
/// to the counters and a reader sums them, so that every committed change alters the sum, in any order of commits.
/// <code>
/// a user is removed ─► each of its groups + 1, its directory + 1        a user's name changes ─► its directory + 1
/// </code>
/// </summary>
internal static class DerivedVersions
{
    /// <summary>For a row of <c>groups</c>: the number of members that were removed with their users.</summary>
    internal const string Departures = "(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = groups.scim_id)";

    /// <summary>For a row of <c>groups</c>: the number of changes of display names in the directory.</summary>
    internal const string Displays = "(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = groups.directory_id)";

    /// <summary>The same for a directory given as a parameter.</summary>
    internal static string DisplaysOf(string directory) => $"(SELECT coalesce(sum(n), 0)::bigint FROM derived_versions WHERE owner = {directory})";

    /// <summary>Adds the counters to groups found by a scan, which reads only rows.</summary>
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

    /// <summary>Whether a write of a user changes the representation of its groups.</summary>
    internal static bool AreChangedBy(UserRow before, UserRow after) => IsRemoval(before, after) || Shown(before) != Shown(after);

    internal static bool IsRemoval(UserRow before, UserRow after) => after.State.Removed && !before.State.Removed;

    /// <summary>
    /// SQL of a CTE that uses <c>changed</c> (directory_id) and, when the user is removed, <c>left_groups</c> (group_scim_id).
    /// </summary>
    internal static string Cte(UserRow before, UserRow after) => !AreChangedBy(before, after) ? "" : $"""
        derived AS (
          INSERT INTO derived_versions AS v (owner, shard, n)
          SELECT owner, {Shard(before)}, 1
          FROM (SELECT directory_id AS owner FROM changed {(IsRemoval(before, after) ? "UNION ALL SELECT group_scim_id FROM left_groups" : "")}) moved
          WHERE owner IS NOT NULL
          ORDER BY owner -- one order, so that two removals cannot wait for each other
          ON CONFLICT (owner, shard) DO UPDATE SET n = v.n + 1),
        """;

    /// <summary>The shard of a user (0 to 15). It is part of the statement's text, so there are sixteen statements to prepare.</summary>
    private static int Shard(UserRow user) => user.Id.ToByteArray()[0] & 15;

    private static string Shown(UserRow user) => user.Derived.DisplayName ?? user.Derived.UserName;
}
