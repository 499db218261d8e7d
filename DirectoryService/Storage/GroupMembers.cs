using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Protocol.Patch;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>What one request does to the members of a group, and nothing else.</summary>
internal sealed record MemberChange(MembershipChange Members, Actor Actor, DateTimeOffset At);

/// <summary>
/// Changes members by group: an IdP adds them one by one, from many connections, and all of these take turns at the group's
/// lock. What comes while one of them has it is done together, each change still with a version and event of its own.
/// </summary>
internal sealed class GroupMembers
{
    private const int Most = 50;

    /// <summary>A larger change has a transaction of its own: it takes longer than what it would share.</summary>
    private const int FewMembers = 100;

    private readonly NpgsqlDataSource db;
    private readonly OutboxSignal outbox;
    private readonly Gatherer<(Guid Directory, Guid Group), MemberChange, (GroupRow, bool)?> gatherer;

    public GroupMembers(NpgsqlDataSource db, OutboxSignal outbox)
    {
        (this.db, this.outbox) = (db, outbox);
        gatherer = new(atOnce: 1, Most, change => 16 * (change.Members.Present.Count + change.Members.Absent.Count), (group, changes) => ChangeAsync(group.Directory, group.Group, changes, CancellationToken.None));
    }

    /// <summary>The group afterwards; null when the directory removed it or never had it.</summary>
    internal async Task<GroupRow?> ChangeAsync(Guid directoryId, Guid groupScimId, MemberChange change, CancellationToken cancellationToken)
    {
        var isSmall = !change.Members.ReplaceAll && change.Members.Present.Count + change.Members.Absent.Count <= FewMembers;
        var result = isSmall
            ? await gatherer.DoAsync((directoryId, groupScimId), change, cancellationToken)
            : (await ChangeAsync(directoryId, groupScimId, [change], cancellationToken))[0];
        return result?.Item1;
    }

    private async Task<IReadOnlyList<(GroupRow, bool)?>> ChangeAsync(
        Guid directoryId, Guid groupScimId, IReadOnlyList<MemberChange> changes, CancellationToken cancellationToken)
    {
        var results = await MembershipSql.ChangeAsync(db, directoryId, groupScimId, changes, cancellationToken);
        if (results.Any(result => result is (_, true))) outbox.Set();
        return results;
    }
}
