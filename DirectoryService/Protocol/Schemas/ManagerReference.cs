using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Schemas;

/// <summary>
/// <c>manager.$ref</c> (RFC 7643 §4.3): an absolute address, as every <c>$ref</c> here, made of the manager's id when it is shown, since
/// only the request knows by which address the service is reached; and <c>manager.displayName</c>, which is the manager's own. An id that this service cannot have issued is no user here,
/// and keeps the reference that came with it.
/// </summary>
public static class ManagerReference
{
    public const string Manager = "manager";

    /// <summary>Removes the generated reference before a user is stored.</summary>
    public static JsonObject Settle(JsonObject user)
    {
        if ((user[Urns.EnterpriseUser] as JsonObject)?[Manager] is JsonObject manager && (IdOf(manager) is not null || IsRelative(manager)))
            manager.Remove("$ref");
        return user;
    }

    /// <summary>Adds the generated reference to a manager in a response.</summary>
    /// <param name="name">What the manager is called; null: it is no user here.</param>
    public static void Show(JsonObject manager, string usersUrl, string? name)
    {
        manager.Remove("displayName");
        if (name is not null) manager["displayName"] = name;
        if (IdOf(manager) is { } id) manager["$ref"] = $"{usersUrl}/{id}";
        else if (IsRelative(manager)) manager.Remove("$ref");
    }

    /// <summary>The id of a user's manager; null: there is none, or this service cannot have issued it.</summary>
    public static Guid? OfUser(JsonObject user) => (user[Urns.EnterpriseUser] as JsonObject)?[Manager] is JsonObject manager ? IdOf(manager) : null;

    private static Guid? IdOf(JsonObject manager) =>
        manager["value"] is JsonValue value && Guid.TryParseExact(value.ToString(), "D", out var id) ? id : null;

    /// <summary>Whether the stored reference has the former relative form.</summary>
    private static bool IsRelative(JsonObject manager) => manager["$ref"]?.ToString().StartsWith("../Users/", StringComparison.Ordinal) == true;
}
