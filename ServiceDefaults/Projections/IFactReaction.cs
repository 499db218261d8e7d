using Npgsql;

namespace ServiceDefaults.Projections;

/// <summary>
/// A service's reaction to facts. Locks are taken in one order everywhere, to avoid deadlocks between replicas: directories,
/// users, groups, edges (each by account and key; already locked when a reaction is called), then the tables of the service.
/// </summary>
public interface IFactReaction
{
    /// <summary>
    /// Called in the transaction that applied the facts, after them, unless nothing changed. Returns an action to run after the
    /// commit, or null. Requests that wait for the users and groups (<c>FactArrivalSignal</c>) are woken by the caller.
    /// </summary>
    Task<Action?> ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken);

    /// <summary>
    /// Called after a rebuild corrected the account's projections, in the same transaction: adjusts the service's own tables to
    /// them. No facts of the account are applied meanwhile.
    /// </summary>
    Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken);
}
