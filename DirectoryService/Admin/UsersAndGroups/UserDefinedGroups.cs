using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Groups;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Patch;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary>
/// Creates and changes user-defined groups: groups created by an admin, with any users of the account (SCIM users of several
/// directories, and manual users).
/// </summary>
internal sealed class UserDefinedGroups(NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock)
{
    internal enum EditOutcome { Done, NoSuchGroup, NotUserDefined }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal async Task<Guid> CreateAsync(Guid accountId, string displayName, Actor admin, CancellationToken cancellationToken)
    {
        var now = Clock.Now(clock);
        var group = GroupRow.New(accountId, null, new JsonObject { ["displayName"] = displayName }, now);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await GroupTable.InsertAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Created, admin, now)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.SignalWritten();
        return group.Id;
    }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal Task<EditOutcome> RenameAsync(Guid accountId, Guid id, string displayName, Actor admin, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, id, async (transaction, group, now) =>
        {
            if (group.DisplayName == displayName) return;
            var renamed = group with
            {
                Version = group.Version + 1,
                ScimVersion = group.ScimVersion + 1,
                ModifiedAt = now,
                Stored = new StoredDocument(new JsonObject { ["displayName"] = displayName }),
            };
            await GroupTable.UpdateAsync(transaction, group, renamed, EventRow.Of(GroupFacts.Of(renamed, Change.Updated, admin, now)), cancellationToken);
        }, cancellationToken);

    /// <param name="Unknown">Ids that are not users of the account, or removed users to be added; nothing was changed.</param>
    internal readonly record struct MemberEditOutcome(EditOutcome Outcome, IReadOnlyList<Guid> Unknown);

    /// <param name="join">Internal ids of users to add.</param>
    /// <param name="leave">Internal ids of users to remove.</param>
    internal async Task<MemberEditOutcome> ChangeMembersAsync(
        Guid accountId, Guid id, IReadOnlyCollection<Guid> join, IReadOnlyCollection<Guid> leave, Actor admin, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> unknown = [];
        var outcome = await ChangeAsync(accountId, id, async (transaction, group, now) =>
        {
            var users = await FindAsync(transaction, accountId, [.. join, .. leave], cancellationToken);
            unknown = [.. join.Where(user => !users.TryGetValue(user, out var found) || found.Removed), .. leave.Where(user => !users.ContainsKey(user))];
            if (unknown is not []) return;
            var change = new MembershipChange(false, [.. join.Select(user => users[user].ScimId)], [.. leave.Select(user => users[user].ScimId)]);
            await MembershipSql.ApplyAsync(transaction, group, change, admin, now, touch: false, cancellationToken);
        }, cancellationToken);
        return new MemberEditOutcome(outcome, unknown);
    }

    private async Task<EditOutcome> ChangeAsync(
        Guid accountId, Guid id, Func<NpgsqlTransaction, GroupRow, DateTimeOffset, Task> change, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockByIdAsync(connection, accountId, id, cancellationToken) is not var (transaction, group)) return EditOutcome.NoSuchGroup;
        await using (transaction)
        {
            if (!group.State.Visible) return EditOutcome.NoSuchGroup;
            if (group.DirectoryId is not null) return EditOutcome.NotUserDefined;
            await change(transaction, group, Clock.Now(clock));
            await transaction.CommitAsync(cancellationToken);
            outbox.SignalWritten();
            return EditOutcome.Done;
        }
    }

    private static async Task<Dictionary<Guid, (Guid ScimId, bool Removed)>> FindAsync(
        NpgsqlTransaction transaction, Guid accountId, Guid[] users, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT id, scim_id, removed FROM users WHERE account_id = $1 AND id = ANY($2)", transaction.Connection, transaction);
        command.Parameters.With(accountId).With(users);
        var found = new Dictionary<Guid, (Guid, bool)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) found[reader.GetGuid(0)] = (reader.GetGuid(1), reader.GetBoolean(2));
        return found;
    }
}
