namespace ServiceDefaults.Telemetry;

/// <summary>
/// Names of server spans: <c>PATCH /Users/{id}</c> instead of the gateway's catch-all route or the URL of one tenant. They
/// contain no identifiers.
/// </summary>
internal static class SpanNames
{
    private const string Id = "{id}", CatchAll = "{**";
    private const int ScimPrefix = 4; // scim, v2, account, directory
    private static readonly string[] ScimResources = ["Users", "Groups", "Schemas", "ResourceTypes"];

    /// <param name="route">The pattern that matched, if any.</param>
    internal static string Of(string method, string? route, string path)
    {
        var isScim = path.StartsWith("/scim/", StringComparison.OrdinalIgnoreCase);
        var segments = (isScim || route is null || route.Contains(CatchAll, StringComparison.Ordinal) ? path : route).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is ["scim", "v2", _, _, ..]) return $"{method} /{string.Join('/', segments.Skip(ScimPrefix).Select(ScimSegment))}";
        return $"{method} /{string.Join('/', segments.Select(ApiSegment))}";

        string ScimSegment(string segment, int index) => index > 0 && ScimResources.Contains(segments[ScimPrefix + index - 1]) && !segment.StartsWith('.') ? Id : Word(segment);

        static string ApiSegment(string segment) => segment.StartsWith('{') ? Id : Word(segment);
    }

    /// <summary>Keeps a segment that is a short word of letters and replaces everything else, which is an identifier.</summary>
    private static string Word(string segment)
    {
        const int longest = 32;
        return segment.Length <= longest && segment.All(letter => char.IsAsciiLetter(letter) || letter is '-' or '.' || letter is '1' or '2') ? segment : Id;
    }
}
