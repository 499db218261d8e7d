using Npgsql;

namespace ServiceDefaults.Projections;

/// <summary>
/// What a service does about facts. Locks are taken in one order everywhere, or two replicas wait for each other:
/// directories, users, groups, edges (each by account and key, which is done when a reaction is called), then what the
/// service owns.
/// </summary>
public interface IFactReaction
{
    /// <summary>
    /// In the transaction in which the facts became rows, after them. Not called when nothing changed. Returns what is to be
    /// done after the commit, if anything is; requests that wait for the users and groups (<c>FactArrivals</c>) are woken without it.
    /// </summary>
    Task<Action?> ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken);

    /// <summary>
    /// After a rebuild corrected the account's projections, in the same transaction: brings what the service owns in line
    /// with them. No facts of the account are applied meanwhile.
    /// </summary>
    Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken);
}
