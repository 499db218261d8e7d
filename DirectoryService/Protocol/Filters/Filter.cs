using DirectoryService.Protocol.Paths;

namespace DirectoryService.Protocol.Filters;

/// <summary>A parsed filter (RFC 7644 §3.4.2.2). Closed: one switch handles all of it.</summary>
public abstract record Filter
{
    private Filter() { }

    public sealed record And(Filter Left, Filter Right) : Filter;
    public sealed record Or(Filter Left, Filter Right) : Filter;
    public sealed record Not(Filter Inner) : Filter;
    public sealed record Present(AttributePath Path) : Filter;
    public sealed record Compare(AttributePath Path, CompareOperator Operator, FilterValue Value) : Filter;

    /// <summary><c>emails[type eq "work" and value co "@x"]</c>: one element must satisfy all of <paramref name="Inner"/>,
    /// whose paths are sub-attributes of <paramref name="Path"/>.</summary>
    public sealed record ValuePath(AttributePath Path, Filter Inner) : Filter;
}

public enum CompareOperator { Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le }

/// <summary>A literal of a filter.</summary>
/// <param name="Kind">What it was written as.</param>
/// <param name="Text">The string's text, <c>true</c>/<c>false</c>, the number as written, or empty for null.</param>
public readonly record struct FilterValue(FilterValueKind Kind, string Text);

/// <summary><see cref="Word"/>: an unquoted word. Only a leniency accepts it.</summary>
public enum FilterValueKind { String, Boolean, Number, Null, Word }
