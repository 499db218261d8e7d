using System.Text.Json;
using System.Text.Json.Nodes;
using Contracts;
using Contracts.Events.V1;
using DirectoryService.Groups;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Events;

/// <summary>A row of the table <c>events</c>, inserted by the statement that makes the change.</summary>
/// <param name="Aggregate"><c>user</c>, <c>group</c>, <c>directory</c>.</param>
/// <param name="Version">Null for a refusal.</param>
/// <param name="Payload">JSON of the published fact.</param>
/// <param name="Details">Details for the timeline: changed attributes and the request.</param>
internal sealed record EventRow(
    Guid Id, DateTimeOffset At, Guid AccountId, Guid? DirectoryId, string Aggregate, Guid AggregateId, long? Version,
    string Type, string Change, string Payload, JsonObject? Details, Actor Actor)
{
    internal static EventRow Of(UserChanged fact, JsonObject? details = null) => new(
        fact.EventId, fact.At, fact.AccountId, fact.DirectoryId, "user", fact.UserId, fact.Version, nameof(UserChanged), fact.Change,
        JsonSerializer.Serialize(fact, ContractsJsonContext.Default.UserChanged), details, fact.Actor);

    internal static EventRow Of(GroupChanged fact, JsonObject? details = null) => new(
        fact.EventId, fact.At, fact.AccountId, fact.DirectoryId, "group", fact.GroupId, fact.Version, nameof(GroupChanged), fact.Change,
        JsonSerializer.Serialize(fact, ContractsJsonContext.Default.GroupChanged), details, fact.Actor);

    internal static EventRow Of(DirectoryChanged fact) => new(
        fact.EventId, fact.At, fact.AccountId, fact.DirectoryId, "directory", fact.DirectoryId, fact.Version, nameof(DirectoryChanged),
        fact.Change, JsonSerializer.Serialize(fact, ContractsJsonContext.Default.DirectoryChanged), null, fact.Actor);

    /// <summary>A refused write: it appears in the timeline, has no version and is not published.</summary>
    internal static EventRow Refused(
        DateTimeOffset at, Guid accountId, Guid? directoryId, string aggregate, Guid aggregateId, string reason, Actor actor) =>
        InsertOncePerHour("Refused", "refused", at, accountId, directoryId, aggregate, aggregateId, reason, actor);

    /// <summary>Members of a request that were skipped: shown only in the group's timeline, like a refusal.</summary>
    internal static EventRow SkippedMembers(DateTimeOffset at, GroupRow group, string reason, Actor actor) =>
        InsertOncePerHour("SkippedMembers", "skippedMembers", at, group.AccountId, group.DirectoryId, "group", group.Id, reason, actor);

    private static EventRow InsertOncePerHour(
        string type, string change, DateTimeOffset at, Guid accountId, Guid? directoryId, string aggregate, Guid aggregateId, string reason, Actor actor) => new(
        Guid.NewGuid(), at, accountId, directoryId, aggregate, aggregateId, null, type, change,
        new JsonObject { ["reason"] = reason }.ToJsonString(), null, actor);

    private const string Columns = "id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, details, actor";

    internal const int ParameterCount = 12;

    /// <summary>
    /// Two CTEs, <c>logged</c> and the outbox row, for a statement whose CTE <paramref name="changed"/> has one row when
    /// the change was made. Parameters start at <paramref name="first"/>, as <see cref="Bind"/> adds them.
    /// </summary>
    internal static string InsertCte(string changed, int first) => $"""
        logged AS (
          INSERT INTO events ({Columns})
          SELECT ${first}, ${first + 1}, ${first + 2}, ${first + 3}, ${first + 4}, ${first + 5}, ${first + 6}, ${first + 7},
                 ${first + 8}, ${first + 9}, ${first + 10}, ${first + 11} FROM {changed}
          RETURNING id, at, account_id),
        queued AS (INSERT INTO outbox (event_id, event_at, account_id) SELECT id, at, account_id FROM logged)
        """;

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        parameters.With(Id).With(At).With(AccountId).WithUuid(DirectoryId).WithText(Aggregate).With(AggregateId);
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint, Value = (object?)Version ?? DBNull.Value });
        parameters.WithText(Type).WithText(Change).WithJson(Payload).WithJson(Details?.ToJsonString())
            .WithJson(JsonSerializer.Serialize(Actor, ContractsJsonContext.Default.Actor));
    }

    /// <summary>
    /// Appends an entry without a change, such as a refusal, without publishing it. The same entry about the same subject is
    /// stored once per hour, so that the retries of an IdP do not fill the log.
    /// </summary>
    internal async Task AppendEntryAsync(NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(AppendRemark);
        Bind(command.Parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The same, in the transaction of the change that it belongs to.</summary>
    internal async Task AppendEntryAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AppendRemark, transaction.Connection, transaction);
        Bind(command.Parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string AppendRemark = $"""
        INSERT INTO events ({Columns}) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
        WHERE NOT EXISTS (SELECT FROM events e WHERE e.aggregate_id = $6 AND e.at >= date_trunc('hour', $2) AND e.type = $8 AND e.payload = $10)
        """;
}
