namespace LicenseService.Seats;

/// <summary>What seats are sold of. A closed list: a product is something that the rest of the system knows how to open.</summary>
internal static class Products
{
    internal const string Ztna = "ZTNA";
    internal static readonly IReadOnlyList<string> All = [Ztna];

    /// <summary>The product as it is written here, or null when there is none of that name.</summary>
    internal static string? Find(string name) => All.FirstOrDefault(product => product.Equals(name, StringComparison.OrdinalIgnoreCase));
}
