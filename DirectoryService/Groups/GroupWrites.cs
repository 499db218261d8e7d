using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>
/// Executes writes to groups: schema check, then group row, members, events and outbox rows in one transaction that holds the
/// group's row lock.
/// </summary>
internal sealed partial class GroupWrites(
    GroupTable groups, GroupMemberWrites groupMembers, NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock, ILogger<GroupWrites> log)
{
    /// <summary>The state of the group that the request asks for.</summary>
    internal sealed record RequestedState(JsonObject Document, MembershipChange Members);

    internal async Task<GroupRow> CreateAsync(DirectoryContext directory, RequestedState asked, CancellationToken cancellationToken)
    {
        DocumentNormalizer.CheckRequired(ResourceSchema.Group, asked.Document);
        var strangers = await CheckMembersAsync(directory, null, asked.Members, cancellationToken);
        var now = Clock.Now(clock);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var fresh = GroupRow.New(directory.AccountId, directory.DirectoryId, asked.Document, now);
        var gone = await GroupTable.LockRevivableAsync(transaction, directory.DirectoryId, fresh.ExternalId, fresh.DisplayNameKey, cancellationToken);
        var group = gone is null
            ? await InsertAsync(transaction, directory, fresh, now, cancellationToken)
            : await RecreateAsync(transaction, directory, gone, fresh, now, cancellationToken);
        group = await ChangeMembersAsync(transaction, directory, group, asked.Members, now, touched: true, cancellationToken);
        await LogSkippedMembersAsync(transaction, directory, group, strangers, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.SignalWritten();
        return group;
    }

    private static Task<GroupRow> InsertAsync(
        NpgsqlTransaction transaction, DirectoryContext directory, GroupRow group, DateTimeOffset now, CancellationToken cancellationToken) =>
        GroupTable.InsertAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Created, directory.Actor, now)), cancellationToken);

    /// <summary>Revives a removed group under its internal id, so that policies and license rules that name it apply again.</summary>
    private static async Task<GroupRow> RecreateAsync(
        NpgsqlTransaction transaction, DirectoryContext directory, GroupRow gone, GroupRow posted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var group = posted with
        {
            Id = gone.Id,
            Version = gone.Version + 1,
            ScimVersion = gone.ScimVersion + 1,
            State = GroupLifecycle.Recreated(gone.State),
            Displays = gone.Displays,
        };
        await GroupTable.UpdateAsync(transaction, gone, group, EventRow.Of(GroupFacts.Of(group, Change.Restored, directory.Actor, now)), cancellationToken);
        return group;
    }

    /// <param name="members">The change of members, which does not depend on the current group. It is validated before the lock.</param>
    /// <param name="change">Computes the new attributes from the current ones; null when they do not change.</param>
    internal async Task<GroupRow> ChangeAsync(
        HttpContext http, DirectoryContext directory, Guid scimId, MembershipChange members, Func<JsonObject, JsonObject>? change, CancellationToken cancellationToken)
    {
        var strangers = await CheckMembersAsync(directory, scimId, members, cancellationToken);
        if (change is null && !http.HasPreconditions()) return await ChangeMembersAloneAsync(directory, scimId, members, strangers, cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockAsync(connection, directory.DirectoryId, scimId, cancellationToken) is not var (transaction, group))
            throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);
        await using (transaction)
        {
            if (!group.State.Visible) throw DeletedInConsole(scimId);
            http.CheckPreconditions(ResourceVersion.Of(group));
            var now = Clock.Now(clock);
            var before = group;
            var document = change?.Invoke(group.Document) ?? group.Document;
            DocumentNormalizer.CheckRequired(ResourceSchema.Group, document);
            var touched = !JsonNode.DeepEquals(document, group.Document);
            if (touched)
            {
                var details = new JsonObject { ["attributes"] = ChangedAttributes.Between(group.Document, document) };
                group = group with { Version = group.Version + 1, ScimVersion = group.ScimVersion + 1, ModifiedAt = now, Stored = new StoredDocument(document) };
                await GroupTable.UpdateAsync(transaction, before, group, EventRow.Of(GroupFacts.Of(group, Change.Updated, directory.Actor, now), details), cancellationToken);
            }
            group = await ChangeMembersAsync(transaction, directory, group, members, now, touched, cancellationToken);
            await LogSkippedMembersAsync(transaction, directory, group, strangers, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (group.Version != before.Version) outbox.SignalWritten();
            return group;
        }
    }

    private async Task<GroupRow> ChangeMembersAloneAsync(
        DirectoryContext directory, Guid scimId, MembershipChange members, IneligibleMembers strangers, CancellationToken cancellationToken)
    {
        var group = await groupMembers.ChangeAsync(directory.DirectoryId, scimId, new(members, directory.Actor, Clock.Now(clock)), cancellationToken)
            ?? throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);
        if (!group.State.Visible) throw DeletedInConsole(scimId);
        try
        {
            if (strangers.Count > 0) await Skipped(directory, group, strangers).AppendEntryAsync(db, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            // The change is already committed, so an error response would be wrong.
            LogSkippedMembersFailed(group.Id, error);
        }
        return group;
    }

    internal async Task RemoveAsync(HttpContext http, DirectoryContext directory, Guid scimId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockAsync(connection, directory.DirectoryId, scimId, cancellationToken) is not var (transaction, group))
            throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);
        await using (transaction)
        {
            http.CheckPreconditions(ResourceVersion.Of(group));
            var now = Clock.Now(clock);
            var removed = group with { Version = group.Version + 1, ScimVersion = group.ScimVersion + 1, ModifiedAt = now, State = GroupLifecycle.Remove(group.State).Next };
            await GroupTable.UpdateAsync(transaction, group, removed, EventRow.Of(GroupFacts.Of(removed, Change.Removed, directory.Actor, now)), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            outbox.SignalWritten();
        }
    }

    internal async Task<GroupRow> FindAsync(DirectoryContext directory, Guid scimId, CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(directory.DirectoryId, scimId, cancellationToken) is { } group) return group;
        throw await groups.IsDeletedInConsoleAsync(directory.DirectoryId, scimId, cancellationToken)
            ? DeletedInConsole(scimId)
            : ScimRequest.NoSuch(ResourceSchema.Group, scimId);
    }

    private static ScimException DeletedInConsole(Guid scimId) => ScimException.NotFound(
        $"An admin deleted group {scimId} in the console. Unlink it and push it again to make it anew, or ask an admin to restore it.");

    /// <summary>
    /// Checks the ids of members before the transaction, which is safe because an issued id stays known. An id that the
    /// directory never issued is refused, unless the directory's settings skip it; a removed user is skipped.
    /// </summary>
    /// <param name="group">The group to change. A missing group (404) is reported before unknown members.</param>
    private async Task<IneligibleMembers> CheckMembersAsync(DirectoryContext directory, Guid? group, MembershipChange members, CancellationToken cancellationToken)
    {
        var strangers = await MembershipSql.ListIneligibleAsync(db, directory.DirectoryId, members, cancellationToken);
        if (strangers.Unknown.Count == 0 || directory.SkipUnknownMembers) return strangers;
        if (group is { } scimId) await FindAsync(directory, scimId, cancellationToken);
        throw MembershipChange.UnknownMembers(strangers.Unknown);
    }

    /// <summary>Logs skipped members in the transaction of the change. A second connection could deadlock on an exhausted pool.</summary>
    private async Task LogSkippedMembersAsync(
        NpgsqlTransaction transaction, DirectoryContext directory, GroupRow group, IneligibleMembers strangers, CancellationToken cancellationToken)
    {
        if (strangers.Count > 0) await Skipped(directory, group, strangers).AppendEntryAsync(transaction, cancellationToken);
    }

    private EventRow Skipped(DirectoryContext directory, GroupRow group, IneligibleMembers strangers) =>
        EventRow.SkippedMembers(Clock.Now(clock), group, strangers.Skipped, directory.Actor);

    private static async Task<GroupRow> ChangeMembersAsync(
        NpgsqlTransaction transaction, DirectoryContext directory, GroupRow group, MembershipChange members, DateTimeOffset now, bool touched, CancellationToken cancellationToken)
    {
        if (members.IsNone) return group;
        var (version, scimVersion, changed) = await MembershipSql.ApplyAsync(transaction, group, members, directory.Actor, now, touched, cancellationToken);
        return group with { Version = version, ScimVersion = scimVersion, ModifiedAt = changed ? now : group.ModifiedAt };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The members that a write to group {Group} skipped could not be noted in its timeline.")]
    private partial void LogSkippedMembersFailed(Guid group, Exception error);
}
