using System.Text.Json.Nodes;
using DirectoryService.Lists;
using DirectoryService.Protocol.Filters;

namespace DirectoryService.OpenApi;

/// <summary>Path, query and header parameters of operations.</summary>
internal static class ParameterDefinitions
{
    internal static readonly string[] Shown = ["attributes", "excludedAttributes"];
    internal static readonly string[] Paging = ["filter", "sortBy", "sortOrder", "startIndex", "count"];
    internal static readonly string[] List = [.. Paging, "cursor", .. Shown];

    internal static JsonObject All() => new()
    {
        ["id"] = In("path", "id", "The resource's SCIM id.", new() { ["type"] = "string", ["format"] = "uuid" }),
        ["name"] = In("path", "name", "The resource type's name, such as `User`.", Text()),
        ["urn"] = In("path", "id", "The schema's URN.", Text()),
        ["filter"] = In("query", "filter",
            $"RFC 7644 §3.4.2.2: `eq ne co sw ew pr gt ge lt le`, `and or not`, grouping, value paths (`emails[type eq \"work\"]`), on every attribute. At most {FilterLimits.Characters} characters, depth {FilterLimits.Depth}, {FilterLimits.Terms} terms. For example `externalId eq \"42\" and meta.created gt \"2026-01-01T00:00:00Z\"`.",
            new() { ["type"] = "string", ["maxLength"] = FilterLimits.Characters }),
        ["sortBy"] = In("query", "sortBy", "The attribute to sort by; by default the order is stable, and no attribute's.", Text()),
        ["sortOrder"] = In("query", "sortOrder", "Missing values come last when ascending.",
            new() { ["type"] = "string", ["enum"] = new JsonArray("ascending", "descending"), ["default"] = "ascending" }),
        ["startIndex"] = In("query", "startIndex", "The first result of the page, from 1.", new() { ["type"] = "integer", ["default"] = 1 }),
        ["count"] = In("query", "count", $"Most results of the page; 0 for the total alone. More than {ListRequest.MaxCount} is {ListRequest.MaxCount}.",
            new() { ["type"] = "integer", ["default"] = ListRequest.DefaultCount }),
        ["cursor"] = In("query", "cursor",
            $"RFC 9865: empty for the first page, then `nextCursor` of the page before, with the same filter and order. Good for {PageCursors.GoodFor.TotalMinutes} minutes. The cost of a page does not grow with how deep it lies.",
            Text(), allowEmpty: true),
        ["attributes"] = In("query", "attributes", "Only these attributes, separated by commas; not together with `excludedAttributes`.", Text()),
        ["excludedAttributes"] = In("query", "excludedAttributes", "All but these attributes, separated by commas.", Text()),
        ["ifMatch"] = In("header", "If-Match", "Only if the resource still has this version (`meta.version`, such as `W/\"3\"`); else 412.", Text()),
        ["ifNoneMatch"] = In("header", "If-None-Match", "The version that the client has: 304 if it is still the present one.", Text()),
    };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject In(string place, string name, string description, JsonObject schema, bool allowEmpty = false)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description, ["schema"] = schema };
        if (place == "path") parameter["required"] = true;
        if (allowEmpty) parameter["allowEmptyValue"] = true;
        return parameter;
    }
}
