using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Body;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// The change of a group's members by a request, as a difference that does not need the current members: they are in a separate
/// table, and k changed members cost k rows, whatever the size of the group.
/// </summary>
/// <param name="ReplaceAll">Whether members that are not in <paramref name="Present"/> are removed.</param>
/// <param name="Present">SCIM ids of users that are members afterwards.</param>
/// <param name="Absent">SCIM ids of users that are not members afterwards; empty with <paramref name="ReplaceAll"/>.</param>
public sealed record MembershipChange(bool ReplaceAll, IReadOnlyCollection<Guid> Present, IReadOnlyCollection<Guid> Absent)
{
    public static readonly MembershipChange None = new(false, [], []);

    /// <summary>
    /// The first of the ids to be added that this service cannot have issued, such as <c>legacy-42</c>. Such ids are ignored in
    /// removals, because no member has one.
    /// </summary>
    public IReadOnlyCollection<string> ForeignFormIds { get; init; } = [];

    /// <summary>The number of all such ids, not only of the first ones in <see cref="ForeignFormIds"/>.</summary>
    public long ForeignFormIdCount { get; init; }

    public bool IsNone => !ReplaceAll && Present.Count == 0 && Absent.Count == 0;

    /// <summary>The change of a POST or PUT: exactly these members.</summary>
    public static MembershipChange Exactly(JsonNode? members)
    {
        var sent = Values(members);
        return new MembershipChange(true, sent.Ids.ToHashSet(), []).With(sent);
    }

    private MembershipChange With(MemberIds sent) => this with { ForeignFormIds = [.. ForeignFormIds.Union(sent.Others)], ForeignFormIdCount = ForeignFormIdCount + sent.OtherCount };

    /// <summary>Combines the operations on <c>members</c> in their order; the last operation on a member counts.</summary>
    public static MembershipChange Fold(IEnumerable<FlattenedOperation> operations, LeniencyPolicy? tolerance = null)
    {
        tolerance ??= LeniencyPolicy.Strict;
        var all = false;
        var present = new HashSet<Guid>();
        var absent = new HashSet<Guid>();
        var strangers = None;
        foreach (var operation in operations)
        {
            var sub = operation.Path.FilteredSub ?? operation.Path.Attribute.Sub;
            if (operation.Path.ValueFilter is not null || sub is not null)
            {
                if (operation.Verb != PatchVerb.Remove || sub is not null)
                    throw ScimException.Mutability("A member cannot be changed in place; remove it and add another.");
                foreach (var id in Filtered(operation.Path.ValueFilter!)) Leave(id);
            }
            else if (operation.Verb == PatchVerb.Add)
            {
                var sent = Values(operation.Value);
                strangers = strangers.With(sent);
                foreach (var id in sent.Ids) Join(id);
            }
            else if (operation.Verb == PatchVerb.Remove && IsList(operation.Value) && tolerance.ListedRemoval()) foreach (var id in Values(operation.Value).Ids) Leave(id);
            else
            {
                // Replaces or removes all members: a path without values (Keycloak sends `value: null`).
                var sent = operation.Verb == PatchVerb.Replace ? Values(operation.Value) : new MemberIds([], [], 0);
                strangers = strangers.With(sent);
                (all, present, absent) = (true, [.. sent.Ids], []);
            }
        }
        return strangers with { ReplaceAll = all, Present = present, Absent = absent };

        void Join(Guid id) { present.Add(id); absent.Remove(id); }
        void Leave(Guid id) { present.Remove(id); if (!all) absent.Add(id); }
    }

    private static bool IsList(JsonNode? value) => value is JsonArray or JsonObject || MemberIds.Read(value) is not null;

    private static IEnumerable<Guid> Filtered(Filter filter) => filter switch
    {
        Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute.Name: "value" } compare => Guid.TryParse(compare.Value.Text, out var id) ? [id] : [],
        Filter.Or or => Filtered(or.Left).Concat(Filtered(or.Right)),
        _ => throw ScimException.InvalidFilter("Members are removed by value: members[value eq \"ID\"]."),
    };

    private static MemberIds Values(JsonNode? node)
    {
        if (MemberIds.Read(node) is { } folded) return folded;
        var read = (node is JsonArray array ? array.OfType<JsonNode>() : node is null ? [] : [node]).Select(Read).ToList();
        var others = read.Where(member => member.Id is null).Select(member => member.Text).ToList();
        return new MemberIds([.. read.Where(member => member.Id is not null).Select(member => member.Id!.Value)], others, others.Count);
    }

    /// <summary>Reads the id of an element of <c>members</c>: as a UUID, or only as text.</summary>
    /// <exception cref="ScimException">invalidValue for an element without a user's id.</exception>
    internal static (Guid? Id, string Text) Read(JsonNode element)
    {
        var id = element;
        if (element is JsonObject member)
        {
            if (Find(member, "type") is { } type && IsText(type) && AttributeDefinition.NameEquals(type.GetValue<string>(), "Group"))
                throw ScimException.InvalidValue("A group cannot be a member of a group: nested groups are not supported. Add its users instead.");
            id = Find(member, "value");
        }
        if (id?.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number) || id.ToString() is not { Length: > 0 } text)
            throw ScimException.InvalidValue("Each member needs a \"value\": the id of a user of this directory, as a string.");
        return (Guid.TryParse(text, out var issued) ? issued : null, text);
    }

    private static bool IsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String;

    private static JsonNode? Find(JsonObject member, string name) =>
        member.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, name)).Value;

    /// <summary>The error for ids that the directory never issued.</summary>
    public static ScimException UnknownMembers(IEnumerable<string> ids) => ScimException.InvalidValue(
        $"No user of this directory has the id {string.Join(", ", ids.Take(10))}. Create the user first, then add it to the group.");
}
