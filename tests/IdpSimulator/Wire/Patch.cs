using System.Text.Json.Nodes;

namespace IdpSimulator.Wire;

internal static class Patch
{
    public static JsonObject Body(IEnumerable<JsonObject> operations) => new()
    {
        ["schemas"] = new JsonArray(ScimUrn.PatchOp),
        ["Operations"] = new JsonArray([.. operations]),
    };

    public static JsonObject Body(params JsonObject[] operations) => Body(operations.AsEnumerable());

    public static JsonObject Operation(string op, string? path, JsonNode? value)
    {
        var operation = new JsonObject { ["op"] = op };
        if (path is not null) operation["path"] = path;
        if (value is not null) operation["value"] = value;
        return operation;
    }
}
