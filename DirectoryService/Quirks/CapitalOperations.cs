namespace DirectoryService.Quirks;

/// <summary>
/// <c>op</c> in other case. Entra ID without <c>aadOptscim062020</c>:
/// <code>{"op":"Replace","path":"active","value":"False"}</code>
/// </summary>
internal static class CapitalOperations
{
    internal static string Apply(string verb)
    {
        var lower = verb.ToLowerInvariant();
        if (lower != verb) Leniencies.Used(nameof(CapitalOperations));
        return lower;
    }
}
