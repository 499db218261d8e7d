using System.Text.Json.Nodes;

namespace IdpSimulator.Tests.Stubs;

/// <summary>The PATCH forms that the simulator sends, and nothing else.</summary>
internal static class StubPatch
{
    private const string MemberFilter = "members[value eq \"";

    public static void Apply(JsonObject resource, JsonObject operation)
    {
        var op = operation["op"]!.GetValue<string>().ToLowerInvariant();
        var path = operation["path"]?.GetValue<string>();
        var value = operation["value"];
        switch (op, path)
        {
            case ("remove", { } filter) when filter.StartsWith(MemberFilter, StringComparison.Ordinal):
                Remove(resource, [filter[MemberFilter.Length..^2]]);
                break;
            case ("remove", "members"):
                Remove(resource, value!.AsArray().Select(member => member!["value"]!.GetValue<string>()));
                break;
            case ("add", "members"):
                var members = Members(resource);
                foreach (var member in value!.AsArray()) members.Add(new JsonObject { ["value"] = member!["value"]!.GetValue<string>() });
                break;
            case ("add" or "replace", null):
                foreach (var (key, part) in value!.AsObject().ToList()) Set(resource, key, part);
                break;
            case ("add" or "replace", { } plain):
                Set(resource, plain, value);
                break;
            default:
                throw new NotSupportedException($"{op} {path}");
        }
    }

    private static void Set(JsonObject resource, string path, JsonNode? value)
    {
        if (path.StartsWith("urn:", StringComparison.Ordinal)) return;
        if (path == "emails[type eq \"work\"].value") resource["emails"]![0]!["value"] = value!.DeepClone();
        else if (path == "active") resource["active"] = bool.Parse(value!.ToString());
        else if (path.Split('.') is [var parent, var child]) resource[parent]![child] = value!.DeepClone();
        else resource[path] = value!.DeepClone();
    }

    private static void Remove(JsonObject resource, IEnumerable<string> ids)
    {
        var members = Members(resource);
        foreach (var id in ids.ToList()) members.Remove(members.First(member => member!["value"]!.GetValue<string>() == id));
    }

    private static JsonArray Members(JsonObject group)
    {
        if (group["members"] is JsonArray members) return members;
        group["members"] = members = [];
        return members;
    }
}
