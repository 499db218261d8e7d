using System.Globalization;

namespace DirectoryService.Protocol.Filters;

/// <summary>
/// Detects quotation marks that are not valid in a filter: <c>'work'</c>, <c>“work”</c>, <c>„work“</c>, <c>«work»</c>, <c>`work`</c>. As a part of
/// the value they would match nothing, and would be stored when an element is created.
/// </summary>
internal static class InvalidQuotes
{
    /// <summary>Quotation marks of the Unicode categories "other punctuation" and "symbol", which also contain other characters.</summary>
    private const string Others = "\"'`\u00B4\u2032\u2033\u2035\u2036\u275B\u275C\u275D\u275E\u301D\u301E\u301F\uFF02\uFF07\u300C\u300D\u300E\u300F\u201A\u201E";

    /// <summary>Whether a word begins or ends with a quotation mark. One inside a word may belong to a name.</summary>
    internal static bool Surround(string word) => word.Length > 0 && (IsQuote(word[0]) || IsQuote(word[^1]));

    private static bool IsQuote(char character) =>
        Others.Contains(character, StringComparison.Ordinal)
        || char.GetUnicodeCategory(character) is UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation;
}
