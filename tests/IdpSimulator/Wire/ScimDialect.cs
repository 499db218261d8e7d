using System.Net.Http.Headers;

namespace IdpSimulator.Wire;

/// <summary>What marks every request of a provider.</summary>
/// <param name="UserAgent">None where the vendor documents none.</param>
/// <param name="ContentType">Of every body.</param>
/// <param name="QueryFlag">Stands in the tenant URL (Entra ID's feature flag) and so comes with every request.</param>
public sealed record ScimDialect(string? UserAgent, MediaTypeHeaderValue ContentType, string? QueryFlag = null)
{
    public string Target(string target) => QueryFlag is null ? target : target + (target.Contains('?', StringComparison.Ordinal) ? "&" : "?") + QueryFlag;
}
