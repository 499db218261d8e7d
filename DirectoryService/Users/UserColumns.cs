using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;

namespace DirectoryService.Users;

/// <summary>Typed columns derived from a user's document.</summary>
/// <param name="DisplayName">The name shown in lists. The key column is derived from the attribute displayName only.</param>
internal sealed record UserColumns(
    string UserName, string UserNameKey, string? ExternalId, string? Email, string? DisplayName, string? DisplayNameKey, IReadOnlyList<string> EmailKeys)
{
    internal static UserColumns Of(JsonObject document)
    {
        var userName = Text(document["userName"]) ?? "";
        return new(userName, ScimText.Canonical(userName), Text(document["externalId"]), PrimaryEmail(document), NameToShow(document),
            Text(document["displayName"]) is { } displayName ? ScimText.Canonical(displayName) : null,
            [.. Emails(document).Select(email => ScimText.Canonical(Text(email["value"])!)).Distinct()]);
    }

    /// <summary>The primary email address, otherwise the first one.</summary>
    private static string? PrimaryEmail(JsonObject document)
    {
        var emails = Emails(document).ToList();
        return Text((emails.Find(email => email["primary"]?.GetValueKind() == JsonValueKind.True) ?? emails.FirstOrDefault())?["value"]);
    }

    private static IEnumerable<JsonObject> Emails(JsonObject document) =>
        (document["emails"] as JsonArray)?.OfType<JsonObject>().Where(email => Text(email["value"]) is { Length: > 0 }) ?? [];

    private static string? NameToShow(JsonObject document) =>
        Text(document["displayName"]) ?? Text((document["name"] as JsonObject)?["formatted"]);

    internal static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
