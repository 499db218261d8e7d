using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// The enterprise extension's manager without its URN. Entra ID, changing a reference and checking it before:
/// <code>
/// {"op":"Add","path":"manager","value":[{"$ref":"…/Users/2819c223","value":"2819c223"}]}
/// GET /Users?filter=id eq "…" and manager eq "2819c223"&amp;attributes=id
/// </code>
/// </summary>
internal static class ManagerWithoutUrn
{
    internal static string? Path(ResourceSchema resource, string name)
    {
        if (resource != ResourceSchema.User || !AttributeDefinition.NameEquals(name.Split('.')[0], "manager")) return null;
        LeniencyRegistry.RecordUse(nameof(ManagerWithoutUrn));
        return $"{Urns.EnterpriseUser}:{name}";
    }
}
