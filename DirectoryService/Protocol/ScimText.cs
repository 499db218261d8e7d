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
            if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Control) continue;
            kept.Append(rune.ToString());
        }
        // Upper, then lower: also unites letters that differ in lower case only, such as ſ and s.
        return kept.ToString().ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);
    }
}
