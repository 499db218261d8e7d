using System.Globalization;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;

namespace DirectoryService.Scim.Bulk;

/// <summary>The result of one bulk operation.</summary>
internal sealed record BulkOperationResult(int Status, string? Location, string? Version, JsonObject? Body)
{
    internal bool IsError => Status >= 400;

    /// <summary>The id of the operation's resource, once its <c>bulkId</c> is resolved.</summary>
    internal string? Target { get; init; }

    /// <summary>The id of the resource that a POST created.</summary>
    internal string? Id => IsError ? null : Location?[(Location.LastIndexOf('/') + 1)..];

    internal static BulkOperationResult Refused(int status, string? scimType, string detail)
    {
        var error = new JsonObject { ["schemas"] = new JsonArray(Urns.Error), ["status"] = status.ToString(CultureInfo.InvariantCulture), ["detail"] = detail };
        if (scimType is not null) error["scimType"] = scimType;
        return new BulkOperationResult(status, null, null, error);
    }

    /// <summary>RFC 7644 §3.7.3: location except for a failed POST; the body of errors.</summary>
    internal JsonObject Show(BulkOperation operation, string baseUrl)
    {
        var shown = new JsonObject { ["method"] = operation.Method, ["status"] = Status.ToString(CultureInfo.InvariantCulture) };
        if (operation.BulkId is not null) shown["bulkId"] = operation.BulkId;
        if (Location is not null) shown["location"] = Location;
        else if (operation is { Method: not "POST", Collection: { } collection } && (Target ?? operation.Target) is { } target && BulkIdReferences.Name(target) is null)
            shown["location"] = $"{baseUrl}{collection.Endpoint}/{target}";
        if (Version is not null) shown["version"] = Version;
        if (IsError) shown["response"] = Body?.DeepClone();
        return shown;
    }
}
