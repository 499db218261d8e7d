using System.Data;
using Contracts.Events.V1;
using Contracts.State.V1;
using DirectoryService.Admin.Directories;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Feed;

/// <summary>
/// Streams the state of one account from one snapshot: current rows and tombstones as facts. Rows are read one by one, so that
/// a million users need no memory.
/// </summary>
internal sealed class StateFeed(NpgsqlDataSource db)
{
    internal const string DirectoryColumns = "id, name, provider, deleted_at IS NOT NULL, version, coalesce(deleted_at, created_at), last_alert";
    internal const string UserColumns =
        "id, directory_id, scim_id, version, status, deactivations, document->>'userName', display_name, email, external_id, modified_at";
    internal const string GroupColumns = "id, directory_id, scim_id, version, status, document->>'displayName', external_id, modified_at";

    private static readonly Actor Teller = new() { Kind = "system", Id = "state-feed" };

    internal async IAsyncEnumerable<StateLine> ReadAsync(
        Guid accountId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await foreach (var line in RowsAsync($"SELECT {DirectoryColumns} FROM directories WHERE account_id = $1", row => Directory(accountId, row))) yield return line;
        await foreach (var line in RowsAsync($"SELECT {UserColumns} FROM users WHERE account_id = $1", row => User(accountId, row))) yield return line;
        await foreach (var line in RowsAsync($"SELECT {GroupColumns} FROM groups WHERE account_id = $1", row => Group(accountId, row))) yield return line;
        await foreach (var line in MembersAsync()) yield return line;

        async IAsyncEnumerable<StateLine> RowsAsync(string sql, Func<NpgsqlDataReader, StateLine> tell)
        {
            await using var command = Select(sql);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) yield return tell(reader);
        }

        // The query returns up to 1,000 member ids per row, so that a group of a million is a thousand rows.
        async IAsyncEnumerable<StateLine> MembersAsync()
        {
            await using var command = Select("""
                SELECT g.id, g.directory_id, g.scim_id, g.version, g.modified_at, m.user_id, m.user_scim_id
                FROM groups g CROSS JOIN LATERAL (
                  SELECT u.id AS user_id, u.scim_id AS user_scim_id FROM group_members e JOIN users u ON u.scim_id = e.user_scim_id
                  WHERE e.group_scim_id = g.scim_id) m
                WHERE g.account_id = $1 ORDER BY g.id
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var edges = new List<MembershipEdge>();
            MembersChanged? part = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                if (part is not null && (part.GroupId != reader.GetGuid(0) || edges.Count == MembersChanged.MaxEdges))
                {
                    yield return new StateLine { Members = part with { Edges = edges } };
                    (part, edges) = (null, []);
                }
                part ??= Members(accountId, reader);
                edges.Add(new MembershipEdge { UserId = reader.GetGuid(5), UserScimId = reader.GetGuid(6), Present = true });
            }
            if (part is not null) yield return new StateLine { Members = part with { Edges = edges } };
        }

        NpgsqlCommand Select(string sql)
        {
            // No command timeout: the stream makes progress, or the client has disconnected and cancels it.
            var command = new NpgsqlCommand(sql, connection, snapshot) { CommandTimeout = 0 };
            command.Parameters.With(accountId);
            return command;
        }
    }

    internal static StateLine Directory(Guid accountId, NpgsqlDataReader row) => new()
    {
        Directory = new DirectoryChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = accountId,
            DirectoryId = row.GetGuid(0),
            Name = row.GetString(1),
            Provider = row.GetString(2),
            Deleted = row.GetBoolean(3),
            Version = row.GetInt64(4),
            LastAlert = DirectoryTable.Alert(TextOrNull(row, 6)),
            Change = Change.Stated,
            Actor = Teller,
            At = row.GetFieldValue<DateTimeOffset>(5),
        },
    };

    internal static StateLine User(Guid accountId, NpgsqlDataReader row) => new()
    {
        User = new UserChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = accountId,
            UserId = row.GetGuid(0),
            DirectoryId = IdOrNull(row, 1),
            ScimId = row.GetGuid(2),
            Version = row.GetInt64(3),
            Status = Enum.Parse<UserStatus>(row.GetString(4), ignoreCase: true),
            Deactivations = row.GetInt64(5),
            UserName = row.GetString(6),
            DisplayName = TextOrNull(row, 7),
            Email = TextOrNull(row, 8),
            ExternalId = TextOrNull(row, 9),
            Change = Change.Stated,
            Actor = Teller,
            At = row.GetFieldValue<DateTimeOffset>(10),
        },
    };

    internal static StateLine Group(Guid accountId, NpgsqlDataReader row) => new()
    {
        Group = new GroupChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = accountId,
            GroupId = row.GetGuid(0),
            DirectoryId = IdOrNull(row, 1),
            ScimId = row.GetGuid(2),
            Version = row.GetInt64(3),
            Status = Enum.Parse<GroupStatus>(row.GetString(4), ignoreCase: true),
            DisplayName = row.GetString(5),
            ExternalId = TextOrNull(row, 6),
            Change = Change.Stated,
            Actor = Teller,
            At = row.GetFieldValue<DateTimeOffset>(7),
        },
    };

    internal static MembersChanged Members(Guid accountId, NpgsqlDataReader row) => new()
    {
        EventId = Guid.NewGuid(),
        AccountId = accountId,
        GroupId = row.GetGuid(0),
        DirectoryId = IdOrNull(row, 1),
        GroupScimId = row.GetGuid(2),
        Version = row.GetInt64(3),
        Edges = [],
        Change = Change.Stated,
        Actor = Teller,
        At = row.GetFieldValue<DateTimeOffset>(4),
    };

    private static Guid? IdOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
