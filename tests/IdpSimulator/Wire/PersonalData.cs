using System.Text.RegularExpressions;

namespace IdpSimulator.Wire;

/// <summary>Shortens a request target for people: ids to their beginning, filter values left out.</summary>
internal static partial class PersonalData
{
    public static string Shorten(string target)
    {
        var plain = Uri.UnescapeDataString(target);
        return Ids().Replace(Quoted().Replace(plain, "\"…\""), match => match.Value[..8] + "…");
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex Ids();
}
