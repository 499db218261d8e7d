using System.Globalization;
using System.Text;

namespace DirectoryService.Protocol;

/// <summary>Text that can be stored and compared: no NUL, no half of a surrogate pair; and canonical forms for comparing.</summary>
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
    /// The form in which names that compare without case are unique: compatibility-composed, trimmed, without format
    /// characters (zero width), case-folded. Made here and never by the database, whose locale may differ.
    /// </summary>
    public static string Canonical(string text) => Fold(text).Trim();

    /// <summary>The same for a part of a name, whose outer spaces count.</summary>
    public static string Fold(string text)
    {
        // İ (U+0130) has no simple lower case; Unicode's full fold is i and a combining dot. The dotless ı stays itself.
        var composed = text.Normalize(NormalizationForm.FormKC).Replace("\u0130", "i\u0307", StringComparison.Ordinal);
        var kept = new StringBuilder(composed.Length);
        foreach (var rune in composed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control || IsInvisible(rune.Value)) continue;
            kept.Append(rune.ToString());
        }
        // Upper, then lower: also unites letters that differ in lower case only, such as ſ and s.
        return kept.ToString().ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>Bytes in UTF-8 of what an index holds: two such values and their keys fit in one entry of it.</summary>
    public const int MaxIndexedBytes = 1_000;

    /// <summary>A name or id by which resources are found: not longer than an index takes, and something to see in it.</summary>
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
    /// What a userName may not hold, after RFC 8265 §3.3: what has no meaning that everybody shares, so that two systems
    /// could not agree whether two names are the same. Spaces and symbols are let pass: IdPs use them.
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

    /// <summary>Fillers, joiners and variation selectors that are letters or marks by category, and never seen.</summary>
    private static bool IsInvisible(int character) => character
        is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0
        or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
