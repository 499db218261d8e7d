using Contracts.Events.V1;
using LicenseService.Waiting;

namespace LicenseService.Holds;

/// <summary>
/// Which freed seats a hold keeps for their former holders (idp-behaviour.md §5).
/// <code>
///        alert.At − 1 h          alert.At          alert.At + 1 h                    alert.At + 24 h
///   ─────────┼───────────────────────┼───────────────────┼───── … ────────────────────────┼────────►
///            └ seats freed in this window are held ┘                                │ or an admin:
///                                                              the waiting list gets it ◄──┘ released
/// </code>
/// While deactivations continue, the directory raises its next alert one hour after the last one.
///
/// Seats of a pool are alike: only their number counts. A hold reserves as many seats as users of its own directory lost, whenever
/// the alert arrives, so that each of these users can get one again; all other seats go to the waiting list. If too few are open,
/// because some were allocated before the alert arrived, the users who got one last lose it and keep their place on the waiting list.
/// </summary>
internal static class HoldRules
{
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);
    internal static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    internal static DateTimeOffset Expires(MassDeactivation alert) => alert.At + Lasts;

    /// <summary>Whether the fact about a directory carries a new alert whose hold has not expired yet.</summary>
    internal static bool StartsHold(MassDeactivation? before, MassDeactivation? after, DateTimeOffset now) =>
        after is not null && after.AlertId != before?.AlertId && now < Expires(after);

    /// <summary>Whether a hold reserves a seat that was freed by a fact of this time.</summary>
    internal static bool HoldsSeat(DateTimeOffset alertAt, DateTimeOffset factAt) =>
        factAt >= alertAt - Around && factAt < alertAt + Around;

    /// <summary>Users whose seat is taken back when a hold begins. <c>Holds/SeatReclaim</c> is the SQL form; one test runs the same cases through both.</summary>
    /// <param name="lost">The number of seats that the directory's users lost around the alert and that no hold reserves yet.</param>
    /// <param name="open">The number of seats that nobody uses and no hold reserves.</param>
    /// <param name="recipients">Users who got a seat from the waiting list since the first of them was lost, without users whom the directory itself deactivated.</param>
    internal static IEnumerable<Recipient> TakesBack(int lost, int open, IReadOnlyCollection<Recipient> recipients)
    {
        var last = WaitingList.Ordered(recipients.Select(recipient => recipient.Waited)).Select(waiter => waiter.UserId).Reverse().ToList();
        return recipients.OrderByDescending(recipient => recipient.GrantedAt).ThenBy(recipient => last.IndexOf(recipient.Waited.UserId)).Take(Math.Max(lost - open, 0));
    }
}

/// <summary>A user who got a seat from the waiting list.</summary>
internal sealed record Recipient(WaitingListEntry Waited, DateTimeOffset GrantedAt);
