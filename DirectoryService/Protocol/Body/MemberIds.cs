using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DirectoryService.Protocol.Body;

/// <summary>
/// The value of <c>members</c> of a large body: 16 bytes per member instead of JSON nodes. It replaces the array in the
/// document.
/// </summary>
/// <param name="Ids">Ids in the form of this service's ids (UUIDs).</param>
/// <param name="Others">The first ids of another form; see <see cref="OtherCount"/>.</param>
/// <param name="OtherCount">The number of all ids of another form.</param>
internal sealed record MemberIds(List<Guid> Ids, List<string> Others, long OtherCount)
{
    internal static JsonValue Node(MemberIds members) => JsonValue.Create(members, MemberIdsJson.Default.MemberIds)!;

    internal static MemberIds? Read(JsonNode? node) => node is JsonValue value && value.TryGetValue<MemberIds>(out var members) ? members : null;
}

[JsonSerializable(typeof(MemberIds))]
internal sealed partial class MemberIdsJson : JsonSerializerContext;
