using LicenseService.Rules;

namespace LicenseService.Pools;

/// <summary>Which users lose their seat when a pool gets fewer seats than are in use.</summary>
internal enum ShrinkStrategy
{
    /// <summary>The newest grants first.</summary>
    NewestFirst,
    /// <summary>Grants of the last rule first, the newest before the older ones; grants by an admin last.</summary>
    LastRuleFirst,
    /// <summary>The users named in the request, exactly as many as there are seats to free.</summary>
    Chosen,
}

/// <summary>A user with a seat and its reasons.</summary>
/// <param name="First">The first rule that gives the user one; null: none does.</param>
internal sealed record SeatHolder(Guid UserId, DateTimeOffset GrantedAt, bool Manual, Rule? First);

/// <summary>Orders the users with a seat: the first ones lose it. <c>Storage/Resizing</c> says the same in SQL; one test runs the same cases through both.</summary>
internal static class ShrinkOrder
{
    internal static IReadOnlyList<SeatHolder> InLosingOrder(IEnumerable<SeatHolder> holders, ShrinkStrategy by, int missing, IReadOnlySet<Guid> chosen)
    {
        var newest = holders.OrderByDescending(holder => holder.GrantedAt).ThenByDescending(holder => holder.UserId);
        return by switch
        {
            ShrinkStrategy.NewestFirst => [.. newest.Take(missing)],
            ShrinkStrategy.LastRuleFirst => [.. newest.OrderBy(holder => holder.Manual || holder.First is null)
                .ThenByDescending(holder => holder.First?.Order).ThenByDescending(holder => holder.First?.Id).Take(missing)],
            ShrinkStrategy.Chosen => [.. newest.Where(holder => chosen.Contains(holder.UserId))],
        };
    }
}
