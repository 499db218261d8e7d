using LicenseService.Seats;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Takes seats back from users who may not hold them any more: <see cref="SeatRules.Frees"/> in SQL.</summary>
internal sealed partial class SeatReaction(TimeProvider clock, ILogger<SeatReaction> log) : IFactReaction
{
    /// <summary>
    /// Decides by the stored user, in a statement of its own behind the one that stored it: that one waits for an
    /// assignment under way (both lock the user's row), and only a later statement sees the grant it made.
    /// </summary>
    public async Task ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken)
    {
        if (applied.Users is []) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            """
            WITH freed AS (
                DELETE FROM grants g USING users u, unnest($1, $2, $3, $4, $5, $6) AS moved (account_id, user_id, event_id, actor_kind, actor_id, actor_name)
                WHERE u.account_id = moved.account_id AND u.user_id = moved.user_id
                  AND g.account_id = u.account_id AND g.user_id = u.user_id
                  AND (u.status <> 'active' OR u.deactivations > g.deactivations OR NOT u.has_email)
                RETURNING g.account_id, g.pool_id, g.product, g.user_id,
                    CASE WHEN u.status <> 'active' THEN 'notActive'
                         WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                         ELSE 'noEmail' END AS reason,
                    moved.event_id, moved.actor_kind, moved.actor_id, moved.actor_name)
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, event_id, actor_kind, actor_id, actor_name, at)
            SELECT account_id, pool_id, product, user_id, 'freed', reason, event_id, actor_kind, actor_id, actor_name, $7 FROM freed
            RETURNING account_id, user_id, reason
            """,
            applied.Users.Select(move => move.After.AccountId).ToList(), applied.Users.Select(move => move.After.UserId).ToList(),
            applied.Users.Select(move => move.EventId).ToList(), applied.Users.Select(move => move.Actor.Kind).ToList(),
            applied.Users.Select(move => move.Actor.Id).ToList(), applied.Users.Select(move => move.Actor.Name).ToList(), clock.GetUtcNow()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) SeatFreed(reader.GetGuid(1), reader.GetGuid(0), reader.GetString(2));
    }

    public void Committed(AppliedFacts applied) { }

    /// <summary>The same for every holder of the account; the rebuild stands in the history as the one who did it.</summary>
    public async Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            """
            WITH wrong AS (
                SELECT g.pool_id, g.user_id,
                    CASE WHEN u.status IS DISTINCT FROM 'active' THEN 'notActive'
                         WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                         ELSE 'noEmail' END AS reason
                FROM grants g LEFT JOIN users u ON u.account_id = g.account_id AND u.user_id = g.user_id
                WHERE g.account_id = $1
                  AND (u.status IS DISTINCT FROM 'active' OR u.deactivations > g.deactivations OR NOT u.has_email)),
            freed AS (
                DELETE FROM grants g USING wrong WHERE g.account_id = $1 AND g.pool_id = wrong.pool_id AND g.user_id = wrong.user_id
                RETURNING g.account_id, g.pool_id, g.product, g.user_id, wrong.reason)
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, at)
            SELECT account_id, pool_id, product, user_id, 'freed', reason, 'system', 'rebuild', $2 FROM freed
            """,
            accountId, clock.GetUtcNow()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Seat of user {User} in account {Account} freed: {Reason}")]
    private partial void SeatFreed(Guid user, Guid account, string reason);
}
