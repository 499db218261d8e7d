namespace LicenseService.Seats;

/// <summary>Seats bought of one product, how many of them are in use, and how many free ones are kept back by a hold.</summary>
internal sealed record Pool(Guid Id, string Product, int Seats, int Used, int Held = 0)
{
    internal const int MaxSeats = 10_000_000;

    internal int Free => Seats - Used;

    /// <summary>For anybody. A pool that was made smaller can have fewer free seats than are kept back.</summary>
    internal int Open => Math.Max(Free - Held, 0);
}
