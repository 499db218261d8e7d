namespace LicenseService.Seats;

/// <summary>Seats bought of one product, and how many of them are held.</summary>
internal sealed record Pool(Guid Id, string Product, int Seats, int Used)
{
    internal const int MaxSeats = 10_000_000;

    internal int Free => Seats - Used;
}
