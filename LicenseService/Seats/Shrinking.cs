namespace LicenseService.Seats;

/// <summary>Who loses when a pool becomes smaller than what is in use.</summary>
internal enum LosersBy
{
    /// <summary>Who got a seat last, first.</summary>
    NewestFirst,
    /// <summary>Those of the last rule first, who got one last before the others; whom an admin gave one, last of all.</summary>
    LastRuleFirst,
    /// <summary>The users that the admin names, as many as seats are missing.</summary>
    Chosen,
}

/// <summary>Somebody who holds a seat, and for what.</summary>
/// <param name="First">The first rule that gives the user one; null: none does.</param>
internal sealed record SeatHolder(Guid UserId, DateTimeOffset GrantedAt, bool Manual, Rule? First);

/// <summary>Puts holders in the order in which they lose. <c>Storage/Resizing</c> says the same in SQL; one test runs the same cases through both.</summary>
internal static class Shrinking
{
    internal static IReadOnlyList<SeatHolder> Losers(IEnumerable<SeatHolder> holders, LosersBy by, int missing, IReadOnlySet<Guid> chosen)
    {
        var newest = holders.OrderByDescending(holder => holder.GrantedAt).ThenByDescending(holder => holder.UserId);
        return by switch
        {
            LosersBy.NewestFirst => [.. newest.Take(missing)],
            LosersBy.LastRuleFirst => [.. newest.OrderBy(holder => holder.Manual || holder.First is null)
                .ThenByDescending(holder => holder.First?.Order).ThenByDescending(holder => holder.First?.Id).Take(missing)],
            LosersBy.Chosen => [.. newest.Where(holder => chosen.Contains(holder.UserId))],
        };
    }
}
