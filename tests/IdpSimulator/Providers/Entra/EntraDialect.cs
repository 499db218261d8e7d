using System.Net.Http.Headers;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Entra;

/// <summary>Entra ID writes PATCH in two ways, and a tenant can be switched between them by its URL.</summary>
public enum EntraDialect
{
    /// <summary>Capital operations, one per path, booleans as strings, removals with a value list.</summary>
    Default,
    /// <summary>The flag <c>aadOptscim062020</c>: RFC-like operations, plain attributes in one path-less object.</summary>
    Optscim2020,
}

internal static class EntraDialects
{
    public static ScimDialect Wire(this EntraDialect dialect) => new(
        UserAgent: null,
        new MediaTypeHeaderValue("application/scim+json", "utf-8"),
        QueryFlag: dialect == EntraDialect.Optscim2020 ? "aadOptscim062020" : null);
}
