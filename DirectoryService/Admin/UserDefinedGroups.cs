using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Patch;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin;

/// <summary>Groups that admins make themselves, of any users of the account: SCIM users of several directories, and manual ones.</summary>
internal sealed class UserDefinedGroups(NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock)
{
    internal enum Edited { Done, NoSuchGroup, NotUserDefined }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal async Task<Guid> CreateAsync(Guid accountId, string displayName, Actor admin, CancellationToken cancellationToken)
    {
        var now = Clock.Now(clock);
        var group = GroupRow.New(accountId, null, new JsonObject { ["displayName"] = displayName }, now);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await GroupTable.InsertAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Created, admin, now)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Set();
        return group.Id;
    }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal Task<Edited> RenameAsync(Guid accountId, Guid id, string displayName, Actor admin, CancellationToken cancellationToken) =>
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

    /// <param name="join">Internal ids of users; those of the account that are not removed become members.</param>
    /// <param name="leave">Internal ids of users who are no members afterwards.</param>
    internal Task<Edited> ChangeMembersAsync(
        Guid accountId, Guid id, IReadOnlyCollection<Guid> join, IReadOnlyCollection<Guid> leave, Actor admin, CancellationToken cancellationToken) =>
        ChangeAsync(accountId, id, async (transaction, group, now) =>
        {
            var change = new MembershipChange(false,
                await ScimIdsAsync(transaction, accountId, join, cancellationToken), await ScimIdsAsync(transaction, accountId, leave, cancellationToken));
            if (!change.IsNone) await MembershipSql.ApplyAsync(transaction, group, change, admin, now, touch: false, cancellationToken);
        }, cancellationToken);

    private async Task<Edited> ChangeAsync(
        Guid accountId, Guid id, Func<NpgsqlTransaction, GroupRow, DateTimeOffset, Task> change, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockByIdAsync(connection, accountId, id, cancellationToken) is not var (transaction, group)) return Edited.NoSuchGroup;
        await using (transaction)
        {
            if (!group.State.Visible) return Edited.NoSuchGroup;
            if (group.DirectoryId is not null) return Edited.NotUserDefined;
            await change(transaction, group, Clock.Now(clock));
            await transaction.CommitAsync(cancellationToken);
            outbox.Set();
            return Edited.Done;
        }
    }

    private static async Task<Guid[]> ScimIdsAsync(
        NpgsqlTransaction transaction, Guid accountId, IReadOnlyCollection<Guid> users, CancellationToken cancellationToken)
    {
        if (users.Count == 0) return [];
        await using var command = new NpgsqlCommand(
            "SELECT scim_id FROM users WHERE account_id = $1 AND id = ANY($2) AND NOT removed", transaction.Connection, transaction);
        command.Parameters.With(accountId).With(users.ToArray());
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return [.. ids];
    }
}
