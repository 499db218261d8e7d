using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Events;

/// <summary>A row of the outbox with its event.</summary>
internal sealed record OutboxRow(long Seq, Guid EventId, string Type, string Payload);

/// <summary>Reads and deletes outbox rows through the connection that holds the relay's lock.</summary>
internal sealed class OutboxTable(NpgsqlConnection connection)
{
    internal const int BatchSize = 500;
    private const int TriesBeforeParking = 10;

    internal async Task<IReadOnlyList<OutboxRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT o.seq, e.id, e.type, e.payload FROM outbox o JOIN events e ON e.at = o.event_at AND e.id = o.event_id
            WHERE o.parked_at IS NULL ORDER BY o.seq LIMIT {BatchSize}
            """, connection);
        var rows = new List<OutboxRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new OutboxRow(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3)));
        return rows;
    }

    /// <summary>
    /// Deletes published rows and appends them to the table sealed (the publish order); counts the failed tries of single rows
    /// and parks them after the last one.
    /// </summary>
    internal async Task StoreOutcomeAsync(PublishOutcome outcome, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (outcome.Published.Count > 0)
        {
            var delete = new NpgsqlBatchCommand("""
                WITH done AS (DELETE FROM outbox WHERE seq = ANY($1) RETURNING seq, event_id, event_at, account_id)
                INSERT INTO sealed (event_id, event_at, account_id) SELECT event_id, event_at, account_id FROM done ORDER BY seq
                """);
            delete.Parameters.With(outcome.Published.ToArray());
            batch.BatchCommands.Add(delete);
        }
        if (outcome is { BrokerAway: false, Failed.Count: > 0 })
        {
            var count = new NpgsqlBatchCommand($"""
                UPDATE outbox o SET tries = tries + 1, error = f.error,
                  parked_at = CASE WHEN tries + 1 >= {TriesBeforeParking} THEN now() END
                FROM unnest($1::bigint[], $2::text[]) AS f (seq, error) WHERE o.seq = f.seq
                """);
            count.Parameters.With(outcome.Failed.Select(failure => failure.Seq).ToArray()).With(outcome.Failed.Select(failure => failure.Error.Message).ToArray());
            batch.BatchCommands.Add(count);
        }
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
