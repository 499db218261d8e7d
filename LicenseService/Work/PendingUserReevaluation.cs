using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>Evaluates the users in pending_users: those about whom a fact arrived.</summary>
internal sealed class PendingUserReevaluation([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock)
{
    internal const int Batch = 500;

    /// <summary>Evaluates the next users that no other replica has claimed.</summary>
    /// <returns>The number of users, at most <see cref="Batch"/>, and whether a seat was freed or a user was added to the waiting list.</returns>
    internal async Task<(int Users, bool Moved)> EvaluateNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var subjects = await ClaimAsync(transaction, cancellationToken);
        if (subjects.Users is []) return (0, false);
        var judged = await Eligibility.EvaluateAsync(transaction, subjects, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (subjects.Users.Count, judged.Freed + judged.Queued > 0);
    }

    private static async Task<EligibilitySubjects> ClaimAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        // ARRAY is evaluated once. With IN the planner, whose statistics often say that the table is empty, may evaluate the
        // subquery again for each row, and scan rows that are locked by a long transaction of another replica.
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            DELETE FROM pending_users WHERE id = ANY (ARRAY(SELECT id FROM pending_users ORDER BY id LIMIT {Batch} FOR UPDATE SKIP LOCKED))
            RETURNING account_id, user_id, since
            """));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (accounts, users, since) = (new List<Guid>(), new List<Guid>(), new List<DateTimeOffset>());
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(reader.GetGuid(0));
            users.Add(reader.GetGuid(1));
            since.Add(reader.Time(2));
        }
        return new EligibilitySubjects(accounts, users, since);
    }
}
