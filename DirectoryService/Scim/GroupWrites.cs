using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>
/// The second half of every write to a group: schema check, then group row, member edges, events and outbox in one
/// transaction that holds the group's row lock.
/// </summary>
internal sealed class GroupWrites(GroupTable groups, NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock)
{
    /// <summary>What a request asks of a group as it stands now.</summary>
    internal sealed record Asked(JsonObject Document, MembershipChange Members);

    internal async Task<GroupRow> CreateAsync(DirectoryContext directory, Asked asked, CancellationToken cancellationToken)
    {
        DocumentNormalizer.CheckRequired(ResourceSchema.Group, asked.Document);
        await CheckMembersAsync(directory, asked.Members, cancellationToken);
        var now = Clock.Now(clock);
        var group = new GroupRow
        {
            Id = Guid.NewGuid(),
            AccountId = directory.AccountId,
            DirectoryId = directory.DirectoryId,
            ScimId = Guid.NewGuid(),
            Version = 1,
            ScimVersion = 1,
            State = new GroupState(false, false, false),
            Document = asked.Document,
            CreatedAt = now,
            ModifiedAt = now,
        };
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await GroupTable.InsertAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Created, directory.Actor, now)), cancellationToken);
        group = await ChangeMembersAsync(transaction, directory, group, asked.Members, now, touched: true, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outbox.Set();
        return group;
    }

    /// <param name="members">What the request does to the members whatever the group looks like; checked before the lock.</param>
    /// <param name="change">The attributes afterwards, from those before.</param>
    internal async Task<GroupRow> ChangeAsync(
        HttpContext http, DirectoryContext directory, Guid scimId, MembershipChange members, Func<JsonObject, JsonObject> change, CancellationToken cancellationToken)
    {
        await CheckMembersAsync(directory, members, cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockAsync(connection, directory.DirectoryId, scimId, cancellationToken) is not var (transaction, group))
            throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);
        await using (transaction)
        {
            http.CheckIfMatch(group.ScimVersion);
            var now = Clock.Now(clock);
            var before = group.Version;
            var document = change(group.Document);
            DocumentNormalizer.CheckRequired(ResourceSchema.Group, document);
            var touched = !JsonNode.DeepEquals(document, group.Document);
            if (touched)
            {
                var details = new JsonObject { ["attributes"] = ChangedAttributes.Between(group.Document, document) };
                group = group with { Version = group.Version + 1, ScimVersion = group.ScimVersion + 1, ModifiedAt = now, Document = document };
                await GroupTable.UpdateAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Updated, directory.Actor, now), details), cancellationToken);
            }
            group = await ChangeMembersAsync(transaction, directory, group, members, now, touched, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (group.Version != before) outbox.Set();
            return group;
        }
    }

    internal async Task RemoveAsync(HttpContext http, DirectoryContext directory, Guid scimId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await GroupTable.LockAsync(connection, directory.DirectoryId, scimId, cancellationToken) is not var (transaction, group))
            throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);
        await using (transaction)
        {
            http.CheckIfMatch(group.ScimVersion);
            var now = Clock.Now(clock);
            group = group with { Version = group.Version + 1, ScimVersion = group.ScimVersion + 1, ModifiedAt = now, State = group.State with { Removed = true } };
            await GroupTable.UpdateAsync(transaction, group, EventRow.Of(GroupFacts.Of(group, Change.Removed, directory.Actor, now)), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            outbox.Set();
        }
    }

    internal async Task<GroupRow> FindAsync(DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        await groups.FindAsync(directory.DirectoryId, scimId, cancellationToken) ?? throw ScimRequest.NoSuch(ResourceSchema.Group, scimId);

    /// <summary>An id stays known once it was issued, so this may be asked before the transaction.</summary>
    private async Task CheckMembersAsync(DirectoryContext directory, MembershipChange members, CancellationToken cancellationToken)
    {
        var unknown = await MembershipSql.UnknownAsync(db, directory.DirectoryId, members.Present, cancellationToken);
        if (unknown.Count > 0) throw MembershipChange.UnknownMembers(unknown.Select(id => id.ToString()));
    }

    private static async Task<GroupRow> ChangeMembersAsync(
        NpgsqlTransaction transaction, DirectoryContext directory, GroupRow group, MembershipChange members, DateTimeOffset now, bool touched, CancellationToken cancellationToken)
    {
        if (members.IsNone) return group;
        var (version, scimVersion, changed) = await MembershipSql.ApplyAsync(transaction, group, members, directory.Actor, now, touched, cancellationToken);
        return group with { Version = version, ScimVersion = scimVersion, ModifiedAt = changed ? now : group.ModifiedAt };
    }
}
