using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Feed;

/// <summary>
/// Returns the current state of single users, groups and directories of one account as facts, for read-your-writes of other
/// services. Committed changes are included even if their facts still wait in the outbox or on the broker.
/// </summary>
internal sealed class CurrentStateReader(NpgsqlDataSource db)
{
    /// <summary>Uses the logged fact of the row's version, so that event id, time and actor are kept.</summary>
    private const string Users = $"""
        SELECT {StateFeed.UserColumns}, (
          SELECT e.payload FROM events e WHERE e.aggregate_id = u.id AND e.version = u.version AND e.type = 'UserChanged' ORDER BY e.at DESC LIMIT 1)
        FROM users u WHERE account_id = $1 AND id = ANY($2)
        """;

    private const string Groups = $"SELECT {StateFeed.GroupColumns} FROM groups WHERE account_id = $1 AND id = ANY($2)";

    /// <summary>
    /// One statement, so that a group's version and members come from one snapshot: each membership has the version at which it
    /// was read, and is ordered correctly with older and newer facts.
    /// </summary>
    private const string Memberships = $"""
        WITH asked AS (SELECT id, scim_id FROM users WHERE account_id = $1 AND id = ANY($3)),
        concerned AS (
          SELECT id FROM groups WHERE account_id = $1 AND id = ANY($2)
          UNION SELECT g.id FROM asked a JOIN group_members m ON m.user_scim_id = a.scim_id JOIN groups g ON g.scim_id = m.group_scim_id)
        SELECT g.*, a.id, a.scim_id, EXISTS (SELECT FROM group_members m WHERE m.group_scim_id = g.scim_id AND m.user_scim_id = a.scim_id)
        FROM (SELECT {StateFeed.GroupColumns} FROM groups WHERE id IN (SELECT id FROM concerned)) g LEFT JOIN asked a ON true ORDER BY g.id
        """;

    internal async Task<IReadOnlyList<IFact>> ReadAsync(Guid accountId, StateQuery query, CancellationToken cancellationToken)
    {
        await using var batch = db.CreateBatch();
        Add($"SELECT {StateFeed.DirectoryColumns} FROM directories WHERE account_id = $1 AND id = ANY($2)", query.Directories);
        Add(Users, query.Users);
        if (query.Memberships) Add(Memberships, query.Groups, query.Users);
        else Add(Groups, query.Groups);
        var facts = new List<IFact>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) facts.Add(StateFeed.Directory(accountId, reader).Directory!);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) facts.Add(User(accountId, reader));
        await reader.NextResultAsync(cancellationToken);
        GroupChanged? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (last?.GroupId != reader.GetGuid(0)) facts.Add(last = StateFeed.Group(accountId, reader).Group!);
            if (query.Memberships && !reader.IsDBNull(8)) facts.Add(Membership(last, reader));
        }
        return facts;

        void Add(string sql, params IReadOnlyList<Guid>[] ids)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.With(accountId);
            foreach (var some in ids) command.Parameters.With(some.ToArray());
            batch.BatchCommands.Add(command);
        }
    }

    private static UserChanged User(Guid accountId, NpgsqlDataReader row) => row.IsDBNull(11)
        ? StateFeed.User(accountId, row).User!
        : JsonSerializer.Deserialize(row.GetString(11), ContractsJsonContext.Default.UserChanged)!;

    private static MembersChanged Membership(GroupChanged group, NpgsqlDataReader row) => new()
    {
        EventId = Guid.NewGuid(),
        AccountId = group.AccountId,
        DirectoryId = group.DirectoryId,
        GroupId = group.GroupId,
        GroupScimId = group.ScimId,
        Version = group.Version,
        Edges = [new MembershipEdge { UserId = row.GetGuid(8), UserScimId = row.GetGuid(9), Present = row.GetBoolean(10) }],
        Change = Change.Stated,
        Actor = group.Actor,
        At = group.At,
    };
}
