using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DirectoryService.Protocol.Body;

/// <summary>
/// The value of <c>members</c> as a large body leaves it: 16 bytes for each member instead of a tree. It stands in the
/// document where the array stood, and for all others it is an array of ids.
/// </summary>
internal static class MemberIds
{
    internal static JsonValue Node(List<Guid> ids) => JsonValue.Create(ids, MemberIdsJson.Default.ListGuid)!;

    internal static bool TryRead(JsonNode? node, out List<Guid> ids)
    {
        ids = [];
        return node is JsonValue value && value.TryGetValue(out ids!);
    }
}

[JsonSerializable(typeof(List<Guid>))]
internal sealed partial class MemberIdsJson : JsonSerializerContext;
