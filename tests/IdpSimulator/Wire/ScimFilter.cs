namespace IdpSimulator.Wire;

/// <summary>Filters as the providers write them into a query.</summary>
internal static class ScimFilter
{
    public static string Eq(string attribute, string value)
    {
        var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return "filter=" + Uri.EscapeDataString($"{attribute} eq \"{quoted}\"");
    }
}
