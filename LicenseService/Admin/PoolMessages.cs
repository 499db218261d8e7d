using LicenseService.Seats;

namespace LicenseService.Admin;

internal sealed record PoolView(Guid Id, string Product, int Seats, int Used, int Free)
{
    internal static PoolView Of(Pool pool) => new(pool.Id, pool.Product, pool.Seats, pool.Used, pool.Free);
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

internal sealed record PoolSize(int? Seats)
{
    internal string? Error() =>
        Seats is >= 0 and <= Pool.MaxSeats ? null : $"'seats' must be a whole number from 0 to {Pool.MaxSeats}.";
}
