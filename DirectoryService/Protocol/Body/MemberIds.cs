using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DirectoryService.Protocol.Body;

/// <summary>
/// The value of <c>members</c> as a large body leaves it: 16 bytes for each member instead of a tree. It stands in the document
/// where the array stood.
/// </summary>
/// <param name="Ids">Ids that this service may have issued.</param>
/// <param name="Others">The first ids that it cannot have issued; see <see cref="OtherCount"/>.</param>
/// <param name="OtherCount">All of those.</param>
internal sealed record MemberIds(List<Guid> Ids, List<string> Others, long OtherCount)
{
    internal static JsonValue Node(MemberIds members) => JsonValue.Create(members, MemberIdsJson.Default.MemberIds)!;

    internal static MemberIds? Read(JsonNode? node) => node is JsonValue value && value.TryGetValue<MemberIds>(out var members) ? members : null;
}

[JsonSerializable(typeof(MemberIds))]
internal sealed partial class MemberIdsJson : JsonSerializerContext;
