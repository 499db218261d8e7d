namespace IdpSimulator.Wire;

/// <summary>What requests are compared by: method and target, with ids and values left out.</summary>
internal static class RequestKind
{
    private const string Shortened = "…";

    public static string Of(Exchange exchange)
    {
        var parts = exchange.Target.Split('?', 2);
        var path = string.Join('/', parts[0].Split('/').Select(segment => segment.EndsWith(Shortened, StringComparison.Ordinal) ? "{id}" : segment));
        var query = parts.Length == 1 ? "" : parts[1].Contains("filter=", StringComparison.Ordinal) ? "?filter" : Paged(parts[1]) ? "?page" : "";
        return $"{exchange.Method} {path}{query}";
    }

    private static bool Paged(string query) =>
        query.Contains("count=", StringComparison.Ordinal) || query.Contains("limit=", StringComparison.Ordinal);
}
