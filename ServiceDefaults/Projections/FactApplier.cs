using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Messaging;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Projections;

/// <summary>
/// Applies facts to the projections and runs the service's reaction, in one transaction.
/// <code>
/// lock the accounts against the end of a rebuild (shared) ─► rows ─► shadow rows, while a rebuild runs ─► reaction ─► commit
/// </code>
/// </summary>
public sealed class FactApplier([FromKeyedServices(Database.Background)] NpgsqlDataSource database, IFactReaction reaction, FactArrivalSignal arrivals)
{
    public async Task<AppliedFacts> ApplyAsync(IReadOnlyCollection<IFact> facts, CancellationToken cancellationToken)
    {
        var newest = NewestFacts.Of(facts);
        Guid[] accounts = [.. facts.Select(fact => fact.AccountId).Distinct()];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rebuilding = await LockAccountsAsync(transaction, accounts, cancellationToken);
        var applied = await ProjectionTables.Live.StoreAsync(transaction, newest, cancellationToken);
        if (rebuilding is not [])
            await ProjectionTables.Shadow.StoreAsync(transaction, newest.OfAccounts(rebuilding), cancellationToken);
        var afterwards = applied.IsEmpty ? null : await reaction.ReactAsync(transaction, applied, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (applied.IsEmpty) return applied;
        foreach (var move in applied.Users) arrivals.Arrived(move.After.UserId);
        foreach (var move in applied.Groups) arrivals.Arrived(move.After.GroupId);
        afterwards?.Invoke();
        return applied;
    }

    /// <summary>
    /// Takes the shared account locks and returns the accounts with a running rebuild. A rebuild cannot finish before this
    /// transaction ends. A rebuild that begins meanwhile is not seen; it reads the directory later, whose state includes these
    /// facts.
    /// </summary>
    private static async Task<List<Guid>> LockAccountsAsync(NpgsqlTransaction transaction, Guid[] accounts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            SELECT pg_advisory_xact_lock_shared({AccountLockKeys.Facts}, key)
            FROM (SELECT DISTINCT hashtext(id::text) AS key FROM unnest($1) AS id ORDER BY key) keys
            """,
            accounts));
        // A separate statement, so that it sees what was committed while the first one waited for the locks.
        batch.BatchCommands.Add(SqlStatement.Of("SELECT account_id FROM rebuilds WHERE account_id = ANY ($1) AND state = 'running'", accounts));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rebuilding = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) rebuilding.Add(reader.GetGuid(0));
        return rebuilding;
    }
}
