using Npgsql;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Members;

/// <summary>
/// Computes what disabling or deleting a group or a user would change, by comparing the stored tables with a hypothetical state
/// (<see cref="HypotheticalState"/>). For a directory it lists the users that keep their policies. It reads no more than <see
/// cref="MostUsers"/> users at once, whatever the size of the group or directory.
/// </summary>
internal sealed class PreviewQuery(NpgsqlDataSource database)
{
    internal const int MostUsers = 5_000;
    internal const string MembersSql =
        "SELECT user_id FROM edges WHERE account_id = $1 AND group_scim_id = $2 AND present AND user_id > $3 ORDER BY user_id LIMIT $4";
    internal const string UsersOfDirectorySql =
        "SELECT user_id FROM users WHERE account_id = $1 AND directory_id = $2 AND status = 'active' AND user_id > $3 ORDER BY user_id LIMIT $4";

    /// <summary>Returns null when the account has no such group.</summary>
    internal async Task<Preview?> PreviewGroupAsync(Guid account, Guid group, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FirstAsync(connection, "SELECT display_name, status, scim_id FROM groups WHERE account_id = $1 AND group_id = $2", account, group,
                row => (Name: row.GetString(0), Status: ProjectionStatusNames.GroupStatus(row.GetString(1)), ScimId: row.GetGuid(2)), cancellationToken) is not { } found)
            return null;
        var live = found.Status == Contracts.Events.V1.GroupStatus.Live;
        var users = live ? await IdsAsync(connection, MembersSql, account, found.ScimId, after, cancellationToken) : [];
        var without = HypotheticalState.Unchanged with { Groups = [new HypotheticalGroup(group, found.ScimId, false)] };
        return await CompareAsync(
            connection, account, without, users, after, limit, standing => standing.InStored != standing.InHypothetical,
            Empty(Subject.Group, group, found.Name, PreviewText.OfGroup(found.Status)), cancellationToken);
    }

    /// <summary>Returns null when the account has no such user.</summary>
    internal async Task<Preview?> PreviewUserAsync(Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FirstAsync(connection, "SELECT user_name, status, scim_id FROM users WHERE account_id = $1 AND user_id = $2", account, user,
                row => (Name: row.GetString(0), Status: ProjectionStatusNames.UserStatus(row.GetString(1)), ScimId: row.GetGuid(2)), cancellationToken) is not { } found)
            return null;
        var without = HypotheticalState.Unchanged with { Users = [new HypotheticalUser(user, found.ScimId, null, false)] };
        return await CompareAsync(
            connection, account, without, [user], null, 1, standing => standing.InStored != standing.InHypothetical,
            Empty(Subject.User, user, found.Name, PreviewText.OfUser(found.Status)), cancellationToken);
    }

    /// <summary>Returns null when the account has no such directory.</summary>
    internal async Task<Preview?> PreviewDirectoryAsync(Guid account, Guid directory, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FirstAsync(connection, "SELECT name, deleted FROM directories WHERE account_id = $1 AND directory_id = $2", account, directory,
                row => (Name: row.GetString(0), Deleted: row.GetBoolean(1)), cancellationToken) is not { } found)
            return null;
        var users = await IdsAsync(connection, UsersOfDirectorySql, account, directory, after, cancellationToken);
        return await CompareAsync(
            connection, account, HypotheticalState.Unchanged, users, after, limit, _ => true,
            Empty(Subject.Directory, directory, found.Name, PreviewText.OfDirectory(found.Deleted)), cancellationToken);
    }

    private static Preview Empty(Subject subject, Guid id, string name, string effect) => new(subject.Word(), id, name, effect, 0, true, [], [], null);

    /// <param name="users">In order of their ids; one more than <see cref="MostUsers"/> shows that there are more.</param>
    /// <param name="shown">Whether the page lists the user of a comparison.</param>
    private static async Task<Preview> CompareAsync(
        NpgsqlConnection connection, Guid account, HypotheticalState other, List<Guid> users, Guid? after, int limit, Predicate<MembershipComparison> shown,
        Preview preview, CancellationToken cancellationToken)
    {
        var more = users.Count > MostUsers;
        if (more) users = users[..MostUsers];
        var standings = await other.CompareAsync(connection, account, users, onlyChanged: false, cancellationToken);
        var ofUser = standings.GroupBy(standing => standing.UserId).Where(user => user.Any(standing => shown(standing))).ToDictionary(user => user.Key, user => user.ToList());
        var page = users.Where(ofUser.ContainsKey).Take(limit + 1).ToList();
        Guid? next = page.Count > limit ? page[limit - 1] : more ? users[^1] : null;
        var names = await NamesAsync(connection, account, standings.Select(standing => standing.PolicyId), cancellationToken);
        var people = await ListUsersAsync(connection, account, page.Take(limit), cancellationToken);
        return preview with
        {
            LookedAt = users.Count,
            Exact = !more && after is null,
            Policies = after is null
                ? [.. names.Values.Join(standings.GroupBy(standing => standing.PolicyId), policy => policy.Id, of => of.Key, Counted)]
                : null,
            Items = [.. people.Select(user => user with
            {
                Leaves = Named(ofUser[user.UserId], names, standing => standing is { InStored: true, InHypothetical: false }),
                Joins = Named(ofUser[user.UserId], names, standing => standing is { InStored: false, InHypothetical: true }),
                Keeps = Named(ofUser[user.UserId], names, standing => standing is { InStored: true, InHypothetical: true }),
            })],
            Next = next,
        };
    }

    private static PreviewedPolicy Counted(PreviewedPolicy policy, IEnumerable<MembershipComparison> standings) => policy with
    {
        Leave = standings.Count(standing => standing is { InStored: true, InHypothetical: false }),
        Join = standings.Count(standing => standing is { InStored: false, InHypothetical: true }),
        Keep = standings.Count(standing => standing is { InStored: true, InHypothetical: true }),
    };

    private static IReadOnlyList<PolicyName> Named(List<MembershipComparison> standings, Dictionary<Guid, PreviewedPolicy> names, Predicate<MembershipComparison> which)
    {
        var ids = standings.Where(standing => which(standing)).Select(standing => standing.PolicyId).ToHashSet();
        return [.. names.Values.Where(policy => ids.Contains(policy.Id)).Select(policy => new PolicyName(policy.Id, policy.Name))];
    }

    /// <summary>The policies in the order in which they apply. (A dictionary that is only added to keeps its order.)</summary>
    private static async Task<Dictionary<Guid, PreviewedPolicy>> NamesAsync(NpgsqlConnection connection, Guid account, IEnumerable<Guid> policies, CancellationToken cancellationToken) =>
        (await RowsAsync(connection, "SELECT policy_id, name, kind, action, position FROM policies WHERE account_id = $1 AND policy_id = ANY ($2) ORDER BY position, name_key",
            row => new PreviewedPolicy(row.GetGuid(0), row.GetString(1), PolicyEnumNames.Kind(row.GetString(2)), PolicyEnumNames.Action(row.GetString(3)), row.GetInt32(4), 0, 0, 0),
            cancellationToken, account, policies.Distinct().ToArray())).ToDictionary(policy => policy.Id);

    private static Task<List<PreviewedUser>> ListUsersAsync(NpgsqlConnection connection, Guid account, IEnumerable<Guid> users, CancellationToken cancellationToken) =>
        RowsAsync(connection, "SELECT user_id, user_name, display_name FROM users WHERE account_id = $1 AND user_id = ANY ($2) ORDER BY user_id",
            row => new PreviewedUser(row.GetGuid(0), row.GetString(1), row.TextOrNull(2), [], [], []), cancellationToken, account, users.ToArray());

    private static Task<List<Guid>> IdsAsync(NpgsqlConnection connection, string sql, Guid account, Guid of, Guid? after, CancellationToken cancellationToken) =>
        RowsAsync(connection, sql, row => row.GetGuid(0), cancellationToken, account, of, after ?? Guid.Empty, MostUsers + 1);

    private static async Task<T?> FirstAsync<T>(
        NpgsqlConnection connection, string sql, Guid account, Guid id, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) where T : struct =>
        await RowsAsync(connection, sql, read, cancellationToken, account, id) is [var row] ? row : null;

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SqlStatement.Of(sql, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
