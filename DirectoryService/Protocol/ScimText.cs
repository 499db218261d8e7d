using System.Globalization;
using System.Text;

namespace DirectoryService.Protocol;

/// <summary>Validates text (no NUL, no lone surrogates) and computes canonical forms for comparison.</summary>
public static class ScimText
{
    /// <exception cref="ScimException">invalidValue that names <paramref name="attribute"/>.</exception>
    public static void Check(string attribute, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') throw ScimException.InvalidValue($"'{attribute}' holds the character NUL, which cannot be stored.");
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else throw ScimException.InvalidValue($"'{attribute}' holds half of a surrogate pair; send valid Unicode.");
        }
    }

    /// <summary>
    /// The canonical form in which case-insensitive names are unique: NFKC, trimmed, without format characters (zero width),
    /// case-folded. It is computed here and never by the database, whose locale may differ.
    /// </summary>
    public static string Canonical(string text) => Fold(text).Trim();

    /// <summary>The same without trimming, for a part of a name.</summary>
    public static string Fold(string text)
    {
        // İ (U+0130) has no simple lower case; Unicode's full case folding is i and a combining dot. The dotless ı is not
        // changed.
        var composed = text.Normalize(NormalizationForm.FormKC).Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        var kept = new StringBuilder(composed.Length);
        foreach (var rune in composed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control || IsInvisible(rune.Value)) continue;
            kept.Append(rune.ToString());
        }
        // Upper case, then lower case: this also makes letters equal that differ only in lower case, such as ſ and s.
        return kept.ToString().ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>Largest size in UTF-8 bytes of an indexed value: two such values and their keys fit into one index entry.</summary>
    public const int MaxIndexedBytes = 1_000;

    /// <summary>Validates an indexed name or id: not longer than an index entry allows, and with a visible character.</summary>
    /// <exception cref="ScimException">invalidValue that names <paramref name="attribute"/>.</exception>
    public static void CheckIndexed(string attribute, string text)
    {
        var canonical = Canonical(text);
        if (canonical.Length == 0)
            throw ScimException.InvalidValue($"'{attribute}' has only spaces and invisible characters; send a value that can be read.");
        CheckLength(attribute, text);
        CheckLength(attribute, canonical);
    }

    /// <exception cref="ScimException">invalidValue that names <paramref name="attribute"/>.</exception>
    public static void CheckLength(string attribute, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxIndexedBytes)
            throw ScimException.InvalidValue($"'{attribute}' is longer than {MaxIndexedBytes} bytes in UTF-8, the most that is taken.");
    }

    /// <summary>
    /// Validates the characters of a userName, following RFC 8265 §3.3: characters without a common meaning are refused,
    /// because two systems could not agree whether two names are equal. Spaces and symbols are allowed, because IdPs use them.
    /// </summary>
    /// <exception cref="ScimException">invalidValue that names the character.</exception>
    public static void CheckUserName(string userName)
    {
        foreach (var rune in userName.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)) continue;
            throw ScimException.InvalidValue($"'userName' holds U+{rune.Value:X4}, a control, private-use or unassigned character, which names cannot be compared by. Send it without.");
        }
    }

    /// <summary>Fillers, joiners and variation selectors: letters or marks by category, but invisible.</summary>
    private static bool IsInvisible(int character) => character
        is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0
        or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
