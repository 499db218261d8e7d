using System.Globalization;
using System.Text;

namespace ServiceDefaults.Access;

/// <summary>
/// Validates names that admins give to directories, keys, groups, policies and so on. A name must contain a visible character,
/// and no character that a screen, a log or the database cannot handle.
/// </summary>
public static class AdminNameRules
{
    /// <summary>Returns an error text for the admin, or null when the trimmed text is a valid name.</summary>
    /// <param name="member">Name of the member of the request body.</param>
    /// <param name="most">Largest number of characters.</param>
    public static string? FindError(string member, string? text, int most)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0 || trimmed.Length > most) return $"'{member}' must have 1 to {most} characters.";
        for (var i = 0; i < trimmed.Length; i++)
        {
            // U+FFFD replaces bytes or lone surrogates that were not valid Unicode when they were sent.
            if (trimmed[i] == '\uFFFD') return $"'{member}' holds U+FFFD, which stands for what was no valid Unicode. Send the name in UTF-8.";
            if (char.IsControl(trimmed[i])) return $"'{member}' holds the control character U+{(int)trimmed[i]:X4}. Send it without.";
            if (!char.IsSurrogate(trimmed[i])) continue;
            if (i + 1 < trimmed.Length && char.IsSurrogatePair(trimmed[i], trimmed[i + 1])) i++;
            else return $"'{member}' holds half of a surrogate pair; send valid Unicode.";
        }
        return trimmed.EnumerateRunes().Any(IsVisible) ? null : $"'{member}' has only invisible characters; send a name that can be read.";
    }

    private static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && !IsFiller(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>Characters of the categories letter and mark that are invisible.</summary>
    private static bool IsFiller(int character) => character is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;
}
