using System.Text.Json;

namespace DirectoryService.Protocol.Filters;

internal enum TokenKind { Word, String, Open, Close, OpenBracket, CloseBracket, End }

/// <summary>One token; <see cref="Text"/> is a word as written or a string's unescaped text.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position);

/// <summary>Splits the text of a filter or PATCH path into tokens. Strings are JSON strings (RFC 7644 §3.4.2.2).</summary>
internal sealed class FilterTokenizer(string text)
{
    private int position;

    internal Token Next()
    {
        while (position < text.Length && text[position] is ' ' or '\t') position++;
        if (position == text.Length) return new(TokenKind.End, "", position);
        var start = position;
        switch (text[position])
        {
            case '(': position++; return new(TokenKind.Open, "(", start);
            case ')': position++; return new(TokenKind.Close, ")", start);
            case '[': position++; return new(TokenKind.OpenBracket, "[", start);
            case ']': position++; return new(TokenKind.CloseBracket, "]", start);
            case '"': return new(TokenKind.String, ReadString(), start);
            default:
                while (position < text.Length && !IsDelimiter(text[position])) position++;
                return new(TokenKind.Word, text[start..position], start);
        }
    }

    private static bool IsDelimiter(char c) => c is ' ' or '\t' or '(' or ')' or '[' or ']' or '"';

    private string ReadString()
    {
        var start = position++;
        while (position < text.Length && text[position] != '"') position += text[position] == '\\' ? 2 : 1;
        if (position >= text.Length)
            throw ScimException.InvalidFilter($"The string that begins at position {start + 1} has no closing quote.");
        position++;
        string value;
        try
        {
            value = JsonSerializer.Deserialize<string>(text.AsSpan(start, position - start))!;
        }
        catch (JsonException)
        {
            throw ScimException.InvalidFilter($"The string at position {start + 1} has an invalid escape or character; it must be a JSON string.");
        }
        if (value.Contains('\0', StringComparison.Ordinal))
            throw ScimException.InvalidFilter($"The string at position {start + 1} holds the character NUL, which no value has.");
        return value;
    }
}
