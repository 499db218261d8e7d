using Contracts.Events.V1;
using LicenseService.Seats;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Gives a seat to a user.</summary>
internal sealed class Assigning(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// 1. Locks the user's row: facts about the user and other assignments to it wait. 2. Reads pool and grant.
    /// 3. <see cref="SeatRules"/> decides. 4. Inserts the grant; the pool counts it and refuses what would oversell it.
    /// Locks are taken in the order user, grant, pool here as in every other statement.
    /// </summary>
    internal async Task<AssignmentOutcome> AssignAsync(Guid account, Guid pool, Guid user, Actor by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (holder, seats, held) = await ReadAsync(transaction, account, pool, user, cancellationToken);
        if (seats is null) return new AssignmentOutcome.NoSuchPool();
        if (held is not null) return new AssignmentOutcome.Held(held);
        if (SeatRules.Refuses(holder?.Rules, seats.Seats, seats.Used) is { } refusal)
            return new AssignmentOutcome.Refused(refusal, seats.Seats);
        try
        {
            var at = await InsertAsync(transaction, account, seats, user, holder!.Rules.Deactivations, by, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new AssignmentOutcome.Granted(new Grant(pool, user, holder.UserName, holder.DisplayName, at, by));
        }
        catch (PostgresException error) when (error.ConstraintName == "never_oversold")
        {
            // Others took the last seats since step 2.
            return new AssignmentOutcome.Refused(Refusal.PoolFull, seats.Seats);
        }
    }

    private sealed record User(Holder Rules, string UserName, string? DisplayName);

    private static async Task<(User?, Pool?, Grant?)> ReadAsync(
        NpgsqlTransaction transaction, Guid account, Guid pool, Guid user, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            "SELECT status, deactivations, has_email, user_name, display_name FROM users WHERE account_id = $1 AND user_id = $2 FOR NO KEY UPDATE",
            account, user));
        // A statement of its own: it sees what was committed while the first one waited.
        batch.BatchCommands.Add(Statement.Of(
            """
            SELECT p.product, p.seats, p.used, g.granted_at, g.granted_by_kind, g.granted_by_id, g.granted_by_name
            FROM pools p LEFT JOIN grants g ON g.account_id = p.account_id AND g.pool_id = p.pool_id AND g.user_id = $3
            WHERE p.account_id = $1 AND p.pool_id = $2
            """,
            account, pool, user));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var holder = await reader.ReadAsync(cancellationToken)
            ? new User(new(Words.UserStatus(reader.GetString(0)), reader.GetInt64(1), reader.GetBoolean(2)), reader.GetString(3), reader.Text(4))
            : null;
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (holder, null, null);
        var seats = new Pool(pool, reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2));
        return reader.IsDBNull(3) || holder is null
            ? (holder, seats, null)
            : (holder, seats, new Grant(pool, user, holder.UserName, holder.DisplayName, reader.Time(3), reader.Actor(4)));
    }

    private async Task<DateTimeOffset> InsertAsync(
        NpgsqlTransaction transaction, Guid account, Pool pool, Guid user, long deactivations, Actor by, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            """
            WITH given AS (
                INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, granted_by_name)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                RETURNING *)
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, actor_name, at)
            SELECT account_id, pool_id, product, user_id, 'granted', 'assigned', granted_by_kind, granted_by_id, granted_by_name, granted_at FROM given
            RETURNING at
            """,
            account, pool.Id, pool.Product, user, deactivations, clock.GetUtcNow(), by.Kind, by.Id, by.Name));
        return new DateTimeOffset((DateTime)(await batch.ExecuteScalarAsync(cancellationToken))!);
    }
}
