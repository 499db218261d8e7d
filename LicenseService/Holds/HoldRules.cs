using Contracts.Events.V1;
using LicenseService.Waiting;

namespace LicenseService.Holds;

/// <summary>
/// Which freed seats a hold keeps for their former holders (idp-behaviour.md §5).
/// <code>
///        alert.At − 1 h          alert.At          alert.At + 1 h                    alert.At + 24 h
///   ─────────┼───────────────────────┼───────────────────┼───── … ────────────────────────┼────────►
///            └ seats freed in this window are held ┘                                │ or an admin:
///                                                              the next in line gets it ◄──┘ released
/// </code>
/// While deactivations continue, the directory raises its next alert one hour after the last one.
///
/// Seats of a pool are alike: what counts is how many are kept back. A hold keeps back as many as users of its own directory lost,
/// whenever the alert arrives, so that each of them finds a seat; all others go to the line. Where too few are open, because
/// some went to the line before the alert came, those who got one last give it back and wait where they stood.
/// </summary>
internal static class HoldRules
{
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);
    internal static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    internal static DateTimeOffset Expires(MassDeactivation alert) => alert.At + Lasts;

    /// <summary>Whether the fact about a directory carries a new alert whose hold has not expired yet.</summary>
    internal static bool StartsHold(MassDeactivation? before, MassDeactivation? after, DateTimeOffset now) =>
        after is not null && after.AlertId != before?.AlertId && now < Expires(after);

    /// <summary>Whether a hold keeps back a seat that was freed by a fact of this time.</summary>
    internal static bool HoldsSeat(DateTimeOffset alertAt, DateTimeOffset factAt) =>
        factAt >= alertAt - Around && factAt < alertAt + Around;

    /// <summary>Who gives a seat back when a hold begins. <c>Storage/SeatReclaim</c> says the same in SQL; one test runs the same cases through both.</summary>
    /// <param name="lost">Seats that the directory's users lost around the alert and that nobody keeps back yet.</param>
    /// <param name="open">Seats that nobody uses or keeps back.</param>
    /// <param name="recipients">Who got a seat from the line since the first of them was lost, and was not let go by the directory itself.</param>
    internal static IEnumerable<Recipient> TakesBack(int lost, int open, IReadOnlyCollection<Recipient> recipients)
    {
        var last = WaitingList.Ordered(recipients.Select(recipient => recipient.Waited)).Select(waiter => waiter.UserId).Reverse().ToList();
        return recipients.OrderByDescending(recipient => recipient.GrantedAt).ThenBy(recipient => last.IndexOf(recipient.Waited.UserId)).Take(Math.Max(lost - open, 0));
    }
}

/// <summary>Somebody who got a seat from the line.</summary>
internal sealed record Recipient(WaitingListEntry Waited, DateTimeOffset GrantedAt);
