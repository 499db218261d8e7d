namespace LicenseService.Seats;

/// <summary>Somebody whom a rule gives a seat, and who has none.</summary>
/// <param name="First">The first rule that gives the user one.</param>
/// <param name="OwnHeld">A seat is kept back that this user held.</param>
internal sealed record Waiter(Guid UserId, Rule First, DateTimeOffset Since, bool OwnHeld = false);

/// <summary>The line before a pool: by order of the rules, then since when, then by user id.</summary>
internal static class Line
{
    internal static IEnumerable<Waiter> InOrder(IEnumerable<Waiter> waiting) =>
        waiting.OrderBy(waiter => waiter.First.Order).ThenBy(waiter => waiter.First.Id)
            .ThenBy(waiter => waiter.Since).ThenBy(waiter => waiter.UserId);

    /// <summary>
    /// Who gets a seat now: those whose own seat is kept back (by user id; there is one for each, unless the pool was made
    /// smaller since), and the first in line, as far as there are seats for anybody. <c>Storage/Handing</c> says the same in SQL; one test runs the same cases through both.
    /// </summary>
    internal static IReadOnlyList<Waiter> Next(Pool pool, IEnumerable<Waiter> waiting)
    {
        var line = InOrder(waiting).ToList();
        return [.. line.Where(waiter => waiter.OwnHeld).OrderBy(waiter => waiter.UserId).Take(pool.Free), .. line.Where(waiter => !waiter.OwnHeld).Take(pool.Open)];
    }
}
