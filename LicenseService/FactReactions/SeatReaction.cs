using LicenseService.Holds;
using LicenseService.Work;
using Npgsql;
using ServiceDefaults.Projections;

namespace LicenseService.FactReactions;

/// <summary>
/// The license service's reaction to facts. In their transaction it frees seats and enqueues the users to evaluate. After the
/// commit the worker updates the waiting list and allocates seats.
/// </summary>
internal sealed partial class SeatReaction(WorkSignal signal, TimeProvider clock, ILogger<SeatReaction> log) : IFactReaction
{
    public async Task<Action?> ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        NpgsqlBatchCommand?[] seats = [SeatRevocation.FreeSeatsOf(applied.Users, now), .. HoldCreation.CreateHolds(applied.Directories, now)];
        NpgsqlBatchCommand?[] users = [ReevaluationRequests.EnqueueUsers(applied.Users, now), ReevaluationRequests.EnqueueUsersOfEdges(applied.Edges, now)];
        NpgsqlBatchCommand?[] walks = [ReevaluationRequests.EnqueueGroups(applied.Groups, now)];
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in seats.Concat(users).Concat(walks).OfType<NpgsqlBatchCommand>()) batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count == 0) return null;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (applied.Users is not [])
                while (await reader.ReadAsync(cancellationToken)) SeatFreed(reader.GetGuid(1), reader.GetGuid(0), reader.GetString(2));
            while (await reader.NextResultAsync(cancellationToken)) { }
        }
        // Wake the worker only for the kinds of work that were enqueued. Without rules most facts enqueue nothing.
        var left = KindIfAny(seats, WorkKind.OpenSeats) | KindIfAny(users, WorkKind.PendingUsers) | KindIfAny(walks, WorkKind.Bulk);
        return left == 0 ? null : () => signal.Raise(left);

        static WorkKind KindIfAny(NpgsqlBatchCommand?[] commands, WorkKind kind) => commands.Any(command => command?.RecordsAffected > 0) ? kind : 0;
    }

    public async Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(HoldCreation.CreateHoldsOfAccount(accountId, now));
        batch.BatchCommands.Add(SeatRevocation.FreeSeatsOfAccount(accountId, now));
        foreach (var command in WorkStore.EnqueueAllUsers(accountId, now)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Seat of user {User} in account {Account} freed: {Reason}")]
    private partial void SeatFreed(Guid user, Guid account, string reason);
}
