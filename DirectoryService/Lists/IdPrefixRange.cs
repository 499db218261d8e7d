namespace DirectoryService.Lists;

/// <summary>Converts the prefix of an id to a range of ids.</summary>
internal static class IdPrefixRange
{
    private const string First = "00000000-0000-0000-0000-000000000000";
    private const string Last = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    /// <summary>Returns null when no id can have this prefix.</summary>
    internal static (Guid First, Guid Last)? Range(string prefix)
    {
        if (prefix.Length > First.Length) return null;
        for (var i = 0; i < prefix.Length; i++)
            if (First[i] == '-' ? prefix[i] != '-' : !char.IsAsciiHexDigitLower(prefix[i])) return null;
        return (Guid.ParseExact(prefix + First[prefix.Length..], "D"), Guid.ParseExact(prefix + Last[prefix.Length..], "D"));
    }
}
