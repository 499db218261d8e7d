using LicenseService.Pools;
using LicenseService.Rules;

namespace LicenseService.Waiting;

/// <summary>An entry of the waiting list: a user whom a rule gives a seat and who has none.</summary>
/// <param name="First">The first rule that gives the user one.</param>
/// <param name="OwnHeld">A hold keeps back the seat that this user had.</param>
internal sealed record WaitingListEntry(Guid UserId, Rule First, DateTimeOffset Since, bool OwnHeld = false);

/// <summary>The waiting list of a pool, ordered by rule order, then waiting time, then user id.</summary>
internal static class WaitingList
{
    internal static IEnumerable<WaitingListEntry> Ordered(IEnumerable<WaitingListEntry> waiting) =>
        waiting.OrderBy(waiter => waiter.First.Order).ThenBy(waiter => waiter.First.Id)
            .ThenBy(waiter => waiter.Since).ThenBy(waiter => waiter.UserId);

    /// <summary>
    /// The entries that get a seat now: first users whose own seat a hold keeps back (by user id; each has one, unless the pool
    /// was made smaller since), then the first entries, as many as there are open seats. <c>Waiting/SeatAllocation</c> is the SQL form; one test runs the same cases through both.
    /// </summary>
    internal static IReadOnlyList<WaitingListEntry> SelectNext(Pool pool, IEnumerable<WaitingListEntry> waiting)
    {
        var line = Ordered(waiting).ToList();
        return [.. line.Where(waiter => waiter.OwnHeld).OrderBy(waiter => waiter.UserId).Take(pool.Free), .. line.Where(waiter => !waiter.OwnHeld).Take(pool.Open)];
    }
}
