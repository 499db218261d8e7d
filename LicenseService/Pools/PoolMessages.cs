using Contracts.Events.V1;
using LicenseService.Storage;

namespace LicenseService.Pools;

/// <param name="Free">Not in use; of these <paramref name="Held"/> are kept back by a hold.</param>
/// <param name="Waiting">Users whom a rule gives a seat and who have none.</param>
internal sealed record PoolView(Guid Id, string Product, int Seats, int Used, int Free, int Held, long Waiting)
{
    internal static PoolView Of(PoolState state) =>
        new(state.Pool.Id, state.Pool.Product, state.Pool.Seats, state.Pool.Used, state.Pool.Free, state.Pool.Held, state.Waiting);
}

internal sealed record PoolList(IReadOnlyList<PoolView> Items);

/// <summary>Members are nullable so that an absent one is told apart from a zero and refused in our own words.</summary>
internal sealed record NewPool(string? Product, int? Seats)
{
    internal string? Error() =>
        string.IsNullOrWhiteSpace(Product) || Products.Find(Product.Trim()) is null
            ? $"'product' must be one of: {string.Join(", ", Products.All)}."
            : new PoolSize(Seats).Error();
}

/// <param name="Losers">Who loses a seat when there are fewer than are in use; without it that is refused.</param>
internal sealed record PoolSize(int? Seats, PoolLosers? Losers = null)
{
    internal string? Error() =>
        Seats is >= 0 and <= Pool.MaxSeats ? Losers?.Error() : $"'seats' must be a whole number from 0 to {Pool.MaxSeats}.";
}

/// <param name="By"><c>newestFirst</c>, <c>lastRuleFirst</c> or <c>chosen</c>.</param>
/// <param name="UserIds">For <c>chosen</c>: exactly as many holders as seats are missing.</param>
internal sealed record PoolLosers(string? By, IReadOnlyList<Guid>? UserIds = null)
{
    internal const int MaxChosen = 10_000;

    internal LoserChoice Choice => new(EnumNames.Find<ShrinkStrategy>(By)!.Value, UserIds ?? []);

    internal string? Error() => EnumNames.Find<ShrinkStrategy>(By) switch
    {
        null => $"'losers.by' must be one of: {EnumNames.All<ShrinkStrategy>()}.",
        ShrinkStrategy.Chosen => UserIds is { Count: > 0 and <= MaxChosen } ? null : $"'losers.userIds' must name 1 to {MaxChosen} users.",
        _ => UserIds is null or [] ? null : "'losers.userIds' goes with 'by': 'chosen' only.",
    };
}

/// <param name="Missing">Seats that would have to be freed; 0: nobody loses one.</param>
/// <param name="WaitAgain">Of those who lose, how many a rule would put in line again, behind those who wait already.</param>
/// <param name="First">Up to 100 of those who lose, the first to lose first.</param>
internal sealed record PoolPreview(int Seats, int Used, int Missing, long WaitAgain, IReadOnlyList<LoserView> First)
{
    internal static PoolPreview Of(int seats, ShrinkPreview preview) => new(
        seats, preview.Pool.Used, preview.Missing, preview.WaitAgain,
        [.. preview.First.Select(loser => new LoserView(loser.UserId, loser.UserName, loser.DisplayName, loser.GrantedAt, loser.Manual, loser.RuleId))]);
}

/// <param name="RuleId">The first rule that gives the seat; null: none does.</param>
internal sealed record LoserView(Guid UserId, string UserName, string? DisplayName, DateTimeOffset GrantedAt, bool Manual, Guid? RuleId);

/// <param name="Kind"><c>granted</c>, <c>freed</c>; <c>reasonAdded</c>, <c>reasonEnded</c>: an admin gave or took a seat that rules
/// give too; <c>resized</c>: <paramref name="Seats"/> were bought.</param>
internal sealed record PoolEventView(DateTimeOffset At, string Kind, string? Reason, Guid? UserId, Guid? RuleId, int? Seats, Actor Actor)
{
    internal static PoolEventView Of(PoolEvent item) => new(item.At, item.Kind, item.Reason, item.UserId, item.RuleId, item.Seats, item.Actor);
}

/// <param name="Items">Newest first.</param>
internal sealed record PoolEventList(IReadOnlyList<PoolEventView> Items);
