using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Members;

/// <summary>
/// A hypothetical state: rows that replace stored rows with the same id (see <see cref="CoverageSql"/>). Compares the policies
/// of users in the stored and in the hypothetical state.
/// </summary>
internal sealed record HypotheticalState(IReadOnlyList<HypotheticalUser> Users, IReadOnlyList<HypotheticalEdge> Edges, IReadOnlyList<HypotheticalGroup> Groups)
{
    internal static readonly HypotheticalState Unchanged = new([], [], []);

    private const string BothSql = CoverageSql.Under +
        "\nSELECT user_id, policy_id, bool_or(now), bool_or(NOT now) FROM under GROUP BY user_id, policy_id";
    internal const string ChangedSql = BothSql + " HAVING count(*) = 1";

    /// <summary>
    /// Returns, for these users, each policy that applies in one state or in both; with <paramref name="onlyChanged"/> only
    /// those that differ.
    /// </summary>
    internal async Task<List<MembershipComparison>> CompareAsync(
        NpgsqlConnection connection, Guid account, IReadOnlyCollection<Guid> users, bool onlyChanged, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SqlStatement.Of(
            onlyChanged ? ChangedSql : BothSql, account, users.ToArray(),
            Users.Select(user => user.Id).ToArray(), Users.Select(user => user.ScimId).ToArray(),
            Users.Select(user => user.DirectoryId).ToArray(), Users.Select(user => user.Active).ToArray(),
            Edges.Select(edge => edge.GroupId).ToArray(), Edges.Select(edge => edge.GroupScimId).ToArray(),
            Edges.Select(edge => edge.UserScimId).ToArray(), Edges.Select(edge => edge.Present).ToArray(),
            Groups.Select(group => group.Id).ToArray(), Groups.Select(group => group.ScimId).ToArray(), Groups.Select(group => group.Live).ToArray(),
            Edges.Select(edge => edge.UserId).ToArray()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var standings = new List<MembershipComparison>();
        while (await reader.ReadAsync(cancellationToken))
            standings.Add(new MembershipComparison(reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2), reader.GetBoolean(3)));
        return standings;
    }
}

internal sealed record HypotheticalUser(Guid Id, Guid ScimId, Guid? DirectoryId, bool Active)
{
    internal static HypotheticalUser FromBefore(UserStateChange move) => move.Before is { } before
        ? new(before.UserId, before.ScimId, before.DirectoryId, before.Status == UserStatus.Active)
        : new(move.After.UserId, move.After.ScimId, move.After.DirectoryId, false);
}

internal sealed record HypotheticalEdge(Guid GroupId, Guid GroupScimId, Guid UserId, Guid UserScimId, bool Present)
{
    internal static HypotheticalEdge FromBefore(EdgeChange move) => new(move.GroupId, move.GroupScimId, move.UserId, move.UserScimId, !move.Present);
}

internal sealed record HypotheticalGroup(Guid Id, Guid ScimId, bool Live)
{
    internal static HypotheticalGroup FromBefore(GroupStateChange move) => move.Before is { } before
        ? new(before.GroupId, before.ScimId, before.Status == GroupStatus.Live)
        : new(move.After.GroupId, move.After.ScimId, false);
}

/// <summary>A user and a policy that applies to it in the stored state, in the hypothetical state, or in both.</summary>
internal sealed record MembershipComparison(Guid UserId, Guid PolicyId, bool InStored, bool InHypothetical);
