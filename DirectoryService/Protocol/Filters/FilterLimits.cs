namespace DirectoryService.Protocol.Filters;

/// <summary>Bounds of a filter's text (scim.md rule 27): checked while parsing, so that deeply nested filters are refused early.</summary>
public static class FilterLimits
{
    public const int Characters = 2_000;
    public const int Depth = 32;
    public const int Terms = 100;
}
