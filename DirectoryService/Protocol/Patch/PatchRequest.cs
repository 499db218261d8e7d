using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Reads the body of a PATCH (RFC 7644 §3.5.2).</summary>
public static class PatchRequest
{
    public const int MaxOperations = 1_000;

    /// <summary>At least one operation; member names compare without case.</summary>
    public static IReadOnlyList<PatchOperation> Parse(JsonObject body, LeniencyPolicy? tolerance = null)
    {
        if (Member(body, "Operations") is not JsonArray { Count: > 0 } operations)
            throw ScimException.InvalidSyntax("A PATCH needs \"Operations\" with at least one operation.");
        if (operations.Count > MaxOperations)
            throw ScimException.InvalidSyntax($"The PATCH has {operations.Count} operations; at most {MaxOperations} are allowed. An operation may carry any number of values.");
        return [.. operations.Select(operation => Operation(operation, tolerance ?? LeniencyPolicy.Strict))];
    }

    private static PatchOperation Operation(JsonNode? node, LeniencyPolicy tolerance)
    {
        if (node is not JsonObject operation) throw ScimException.InvalidSyntax("Each operation must be an object.");
        var verb = (Text(operation, "op") is { } op ? tolerance.Verb(op) : null) switch
        {
            "add" => PatchVerb.Add,
            "replace" => PatchVerb.Replace,
            "remove" => PatchVerb.Remove,
            var other => throw ScimException.InvalidSyntax($"'{other}' is no operation; \"op\" is add, replace or remove."),
        };
        var path = Text(operation, "path");
        if (verb == PatchVerb.Remove && string.IsNullOrWhiteSpace(path))
            throw ScimException.NoTarget("A remove needs a \"path\" that says what to remove.");
        var (value, isGiven) = Find(operation, "value");
        if (verb != PatchVerb.Remove && !isGiven)
            throw ScimException.InvalidValue("An add or replace needs a \"value\" (RFC 7644 §3.5.2.1). To clear an attribute, remove it, or replace it by null.");
        return new PatchOperation(verb, string.IsNullOrWhiteSpace(path) ? null : path, value);
    }

    private static string? Text(JsonObject operation, string name) => Member(operation, name) switch
    {
        null => null,
        var node when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        _ => throw ScimException.InvalidSyntax($"\"{name}\" of an operation must be a string."),
    };

    private static JsonNode? Member(JsonObject source, string name) => Find(source, name).Value;

    /// <summary>Finds a member without regard to case. A member with value null counts as given.</summary>
    private static (JsonNode? Value, bool IsGiven) Find(JsonObject source, string name)
    {
        JsonNode? found = null;
        var seen = false;
        foreach (var (key, value) in source)
        {
            if (!AttributeDefinition.NameEquals(key, name)) continue;
            if (seen) throw ScimException.InvalidSyntax($"\"{name}\" is given twice; send it once.");
            (found, seen) = (value, true);
        }
        return (found, seen);
    }
}
