using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Schemas;

/// <summary>
/// <c>manager.$ref</c> (RFC 7643 §4.3), relative as in its §8.3. Made when the manager is written, so that a read costs nothing
/// for it. An id that this service cannot have issued is no user here, and keeps the reference that came with it.
/// </summary>
public static class ManagerReference
{
    public static void Settle(JsonObject user)
    {
        if ((user[Urns.EnterpriseUser] as JsonObject)?["manager"] is not JsonObject manager) return;
        if (manager["value"] is JsonValue value && Guid.TryParseExact(value.ToString(), "D", out var id)) manager["$ref"] = $"../Users/{id}";
        else if (manager["$ref"]?.ToString().StartsWith("../Users/", StringComparison.Ordinal) == true) manager.Remove("$ref");
    }
}
