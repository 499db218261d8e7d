namespace LicenseService.Pools;

/// <summary>The products that have license pools. The list is closed: the rest of the system must know how to enforce a product.</summary>
internal static class Products
{
    internal const string Ztna = "ZTNA";
    internal static readonly IReadOnlyList<string> All = [Ztna];

    /// <summary>The canonical name of the product, or null when there is no such product.</summary>
    internal static string? Find(string name) => All.FirstOrDefault(product => product.Equals(name, StringComparison.OrdinalIgnoreCase));
}
