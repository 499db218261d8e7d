using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>Single users who are to be judged because a fact told something of them.</summary>
internal sealed class PendingUsers([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock)
{
    internal const int Batch = 500;

    /// <summary>Judges the next ones that nobody else is at.</summary>
    /// <returns>How many they were, <see cref="Batch"/> at most; whether seats were taken from them or they were put in line.</returns>
    internal async Task<(int Users, bool Moved)> AdvanceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var subjects = await TakeAsync(transaction, cancellationToken);
        if (subjects.Users is []) return (0, false);
        var judged = await Judging.JudgeAsync(transaction, subjects, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (subjects.Users.Count, judged.Freed + judged.Queued > 0);
    }

    private static async Task<Subjects> TakeAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        // ARRAY: looked for once. With IN the planner, who often finds the table empty, may look again for each row, and past
        // all that were taken while somebody else's long transaction keeps them.
        batch.BatchCommands.Add(Statement.Of(
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
        return new Subjects(accounts, users, since);
    }
}
