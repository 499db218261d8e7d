using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Groups;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Users;
using Npgsql;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary>
/// Executes console actions on users and groups: decides with the pure lifecycle functions, then writes row, event and outbox
/// row in one statement.
/// </summary>
internal sealed class ConsoleActionWrites(UserTable users, NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock)
{
    private const int Attempts = 10;

    /// <summary>Outcome of one action on one user or group.</summary>
    /// <param name="Status">The status afterwards; null when the account has no such user or group.</param>
    /// <param name="Refusal">Why the action was refused, as a text for the admin.</param>
    internal readonly record struct Outcome(string? Status, bool Changed, string? Refusal);

    internal async Task<Outcome> UserAsync(Guid accountId, Guid id, ConsoleAction action, Actor admin, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await users.FindByIdAsync(accountId, id, cancellationToken) is not { } before) return default;
            var decision = UserConsoleLifecycle.Decide(before.State, action);
            if (decision.Refusal is not null || decision.Change is null) return new(StatusNames.Of(before.State.Status), false, decision.Refusal);
            var (after, changed) = UserTransition.To(before, decision.Next, decision.Change, before.Document, admin, Clock.Now(clock));
            if (await users.UpdateAsync(before, after, changed, [], cancellationToken)) return new(StatusNames.Of(after.State.Status), true, null);
        }
        return new(null, false, "Other requests keep changing this user. Nothing was changed; try again.");
    }

    internal async Task<Outcome> GroupAsync(Guid accountId, Guid id, ConsoleAction action, Actor admin, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockByIdAsync(connection, accountId, id, cancellationToken) is not var (transaction, before)) return default;
        await using (transaction)
        {
            var decision = GroupLifecycle.Decide(before.State, action);
            if (decision.Refusal is not null || decision.Change is null) return new(StatusNames.Of(before.State.Status), false, decision.Refusal);
            var now = Clock.Now(clock);
            var shows = decision.Next.Visible != before.State.Visible;
            var after = before with
            {
                Version = before.Version + 1,
                ScimVersion = before.ScimVersion + (shows ? 1 : 0),
                ModifiedAt = shows ? now : before.ModifiedAt,
                State = decision.Next,
            };
            try
            {
                await GroupTable.UpdateAsync(transaction, before, after, EventRow.Of(GroupFacts.Of(after, decision.Change, admin, now)), cancellationToken);
            }
            catch (ScimException taken) when (taken.Status == StatusCodes.Status409Conflict)
            {
                return new(StatusNames.Of(before.State.Status), false, GroupLifecycle.NameTaken(before.DisplayName));
            }
            await transaction.CommitAsync(cancellationToken);
            outbox.SignalWritten();
            return new(StatusNames.Of(after.State.Status), true, null);
        }
    }
}
