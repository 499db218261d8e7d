using System.Globalization;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Filters;

/// <summary>
/// Recursive descent parser of the grammar of RFC 7644 §3.4.2.2. It resolves names against the resource type:
/// <code>
/// or    = and *( "or" and )
/// and   = unary *( "and" unary )
/// unary = "not" "(" or ")" | "(" or ")" | term
/// term  = path "[" or "]" | path "pr" | path operator value
/// </code>
/// </summary>
public sealed class FilterParser
{
    private readonly FilterTokenizer tokens;
    private readonly LeniencyPolicy tolerance;
    private Func<string, AttributePath?> resolve;
    private Token token;
    private int depth;
    private int terms;

    private FilterParser(string text, LeniencyPolicy tolerance, Func<string, AttributePath?> resolve)
    {
        if (text.Length > FilterLimits.Characters)
            throw ScimException.InvalidFilter($"The filter has {text.Length} characters; at most {FilterLimits.Characters} are allowed.");
        tokens = new FilterTokenizer(text);
        this.tolerance = tolerance;
        this.resolve = resolve;
        token = tokens.Next();
    }

    /// <exception cref="ScimException">invalidFilter, with the position and what was expected.</exception>
    /// <param name="other">The second resource type of a search at the root; null otherwise.</param>
    public static Filter Parse(string text, ResourceSchema resource, LeniencyPolicy? tolerance = null, ResourceSchema? other = null)
    {
        tolerance ??= LeniencyPolicy.Strict;
        var parser = new FilterParser(text, tolerance, name => PathResolver.TryResolveAmong(resource, other, name, tolerance));
        var filter = parser.ParseOr();
        parser.Expect(TokenKind.End, "the end of the filter");
        return filter;
    }

    /// <summary>Parses the text between the brackets of <c>emails[…]</c>; paths are sub-attributes of <paramref name="owner"/>.</summary>
    internal static Filter ParseValueFilter(string text, AttributePath owner, LeniencyPolicy tolerance)
    {
        var parser = new FilterParser(text, tolerance, name => SubPath(owner, name));
        var filter = parser.ParseOr();
        parser.Expect(TokenKind.End, "']'");
        return filter;
    }

    private static AttributePath? SubPath(AttributePath owner, string name) =>
        owner.IsForeign ? AttributePath.InForeignElement(name) : owner.Attribute?.Sub(name) is { } sub ? new AttributePath(null, sub, null) : null;

    private Filter ParseOr()
    {
        var left = ParseAnd();
        while (TakeWord("or")) left = new Filter.Or(left, ParseAnd());
        return left;
    }

    private Filter ParseAnd()
    {
        var left = ParseUnary();
        while (TakeWord("and")) left = new Filter.And(left, ParseUnary());
        return left;
    }

    private Filter ParseUnary()
    {
        if (token.Kind == TokenKind.Open) return ParseGroup();
        if (!IsWord("not")) return ParseTerm();
        Advance();
        if (token.Kind != TokenKind.Open) throw Unexpected("'(' after 'not'");
        return new Filter.Not(ParseGroup());
    }

    private Filter ParseGroup()
    {
        Deeper();
        Advance();
        var inner = ParseOr();
        Expect(TokenKind.Close, "')'");
        Advance();
        depth--;
        return inner;
    }

    private Filter ParseTerm()
    {
        if (++terms > FilterLimits.Terms) throw ScimException.InvalidFilter($"The filter has more than {FilterLimits.Terms} terms.");
        Expect(TokenKind.Word, "an attribute name");
        var path = resolve(token.Text)
            ?? throw ScimException.InvalidFilter($"There is no attribute '{token.Text}' here (position {token.Position + 1}).");
        Advance();
        return token.Kind == TokenKind.OpenBracket ? ParseValuePath(path) : ParseComparison(path);
    }

    private Filter ParseComparison(AttributePath path)
    {
        Expect(TokenKind.Word, "an operator such as eq");
        if (TakeWord("pr")) return new Filter.Present(path);
        var comparison = FilterOperators.TryParse(token.Text) ?? throw Unexpected("an operator such as eq, co, sw or pr");
        Advance();
        var value = ParseValue(path);
        FilterOperators.Check(path, comparison, value);
        return new Filter.Compare(path, comparison, value);
    }

    private Filter.ValuePath ParseValuePath(AttributePath path)
    {
        // Without a schema the values tell what they have; brackets in brackets are none of the grammar's.
        var hasParts = path.IsForeign ? Urns.IsUrn(path.Extension) : path is { Attribute.Type: AttributeType.Complex, Sub: null };
        if (!hasParts) throw ScimException.InvalidFilter($"'{path}' has no sub-attributes, so it takes no [ ].");
        Deeper();
        Advance();
        var outer = resolve;
        resolve = name => SubPath(path, name);
        var inner = ParseOr();
        resolve = outer;
        Expect(TokenKind.CloseBracket, "']'");
        Advance();
        depth--;
        return new Filter.ValuePath(path, ParseTail(path, inner));
    }

    /// <summary><c>emails[type eq "work"].value eq "x"</c>, if the leniency is granted: one element must satisfy both.</summary>
    private Filter ParseTail(AttributePath owner, Filter inner)
    {
        if (token is not { Kind: TokenKind.Word, Text: ['.', .. var name] } || !tolerance.ComparisonAfterValuePath()) return inner;
        var sub = SubPath(owner, name) ?? throw ScimException.InvalidFilter($"'{owner}' has no sub-attribute '{name}' (position {token.Position + 1}).");
        Advance();
        return new Filter.And(inner, ParseComparison(sub));
    }

    private FilterValue ParseValue(AttributePath path)
    {
        if (token.Kind is not (TokenKind.String or TokenKind.Word)) throw Unexpected("a value");
        if (token.Kind == TokenKind.Word && InvalidQuotes.Surround(token.Text)) throw WrongQuotes();
        var value = tolerance.Literal(path.Leaf, Literal(token.Kind, token.Text));
        if (value.Kind == FilterValueKind.Word) throw Unexpected("a value (a string stands in double quotes)");
        Advance();
        return value;
    }

    private static FilterValue Literal(TokenKind kind, string text)
    {
        if (kind == TokenKind.String) return new(FilterValueKind.String, text);
        if (IsAny(text, "true", "false")) return new(FilterValueKind.Boolean, text.ToLowerInvariant());
        if (IsAny(text, "null")) return new(FilterValueKind.Null, "");
        return new(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? FilterValueKind.Number : FilterValueKind.Word, text);
    }

    private static bool IsAny(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private void Deeper()
    {
        if (++depth > FilterLimits.Depth) throw ScimException.InvalidFilter($"The filter is nested deeper than {FilterLimits.Depth} levels.");
    }

    private bool IsWord(string word) => token.Kind == TokenKind.Word && IsAny(token.Text, word);

    private bool TakeWord(string word)
    {
        if (!IsWord(word)) return false;
        Advance();
        return true;
    }

    private void Advance() => token = tokens.Next();

    private void Expect(TokenKind kind, string what)
    {
        if (token.Kind != kind) throw Unexpected(what);
    }

    private ScimException WrongQuotes() => ScimException.InvalidFilter(
        $"Found {token.Text} at position {token.Position + 1}: a string stands in straight double quotes (\"…\", U+0022); other quotes are no part of it.");

    private ScimException Unexpected(string expected) => ScimException.InvalidFilter(token.Kind == TokenKind.End
        ? $"The filter ends where {expected} was expected."
        : $"Found '{token.Text}' at position {token.Position + 1} where {expected} was expected.");
}
