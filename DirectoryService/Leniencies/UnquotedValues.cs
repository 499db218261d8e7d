using DirectoryService.Protocol.Filters;

namespace DirectoryService.Leniencies;

/// <summary>
/// A string without its quotes, as Entra ID's documentation shows: <code>GET /Users?filter=externalId eq jyoung</code>
/// </summary>
internal static class UnquotedValues
{
    internal static FilterValue Apply(FilterValue value)
    {
        if (value.Kind != FilterValueKind.Word) return value;
        LeniencyRegistry.RecordUse(nameof(UnquotedValues));
        return value with { Kind = FilterValueKind.String };
    }
}
