namespace LicenseService.Pools;

/// <summary>
/// The seats of one product in an account: how many were bought, how many are in use, and how many free ones a hold keeps back.
/// </summary>
internal sealed record Pool(Guid Id, string Product, int Seats, int Used, int Held = 0)
{
    internal const int MaxSeats = 10_000_000;

    internal int Free => Seats - Used;

    /// <summary>Seats that can be given to any user. It is 0 when the pool was made smaller than what is in use and held.</summary>
    internal int Open => Math.Max(Free - Held, 0);
}
