using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Protocol.Patch;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>A request that changes only the members of a group.</summary>
internal sealed record GroupMemberChange(MembershipChange Members, Actor Actor, DateTimeOffset At);

/// <summary>
/// Coalesces changes of the members of one group: an IdP adds members one by one over many connections, and all of them need
/// the group's row lock. Changes that arrive while the lock is held are executed together; each still has its own version and
/// event.
/// </summary>
internal sealed class GroupMemberWrites
{
    private const int Most = 50;

    /// <summary>
    /// Largest number of members of a coalesced change. A larger change takes longer than sharing a transaction would save.
    /// </summary>
    private const int FewMembers = 100;

    private readonly NpgsqlDataSource db;
    private readonly OutboxSignal outbox;
    private readonly WriteCoalescer<(Guid Directory, Guid Group), GroupMemberChange, (GroupRow, bool)?> gatherer;

    public GroupMemberWrites(NpgsqlDataSource db, OutboxSignal outbox)
    {
        (this.db, this.outbox) = (db, outbox);
        gatherer = new(atOnce: 1, Most, change => 16 * (change.Members.Present.Count + change.Members.Absent.Count), (group, changes) => ChangeAsync(group.Directory, group.Group, changes, CancellationToken.None));
    }

    /// <summary>Returns the group afterwards; null when the directory removed it or never had it.</summary>
    internal async Task<GroupRow?> ChangeAsync(Guid directoryId, Guid groupScimId, GroupMemberChange change, CancellationToken cancellationToken)
    {
        var isSmall = !change.Members.ReplaceAll && change.Members.Present.Count + change.Members.Absent.Count <= FewMembers;
        var result = isSmall
            ? await gatherer.ExecuteAsync((directoryId, groupScimId), change, cancellationToken)
            : (await ChangeAsync(directoryId, groupScimId, [change], cancellationToken))[0];
        return result?.Item1;
    }

    private async Task<IReadOnlyList<(GroupRow, bool)?>> ChangeAsync(
        Guid directoryId, Guid groupScimId, IReadOnlyList<GroupMemberChange> changes, CancellationToken cancellationToken)
    {
        var results = await MembershipSql.ChangeAsync(db, directoryId, groupScimId, changes, cancellationToken);
        if (results.Any(result => result is (_, true))) outbox.SignalWritten();
        return results;
    }
}
