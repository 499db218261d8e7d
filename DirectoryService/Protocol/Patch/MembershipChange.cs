using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Body;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// What a request does to a group's members, as a difference that never needs the present list: members live in a table
/// of their own, and k changed members cost k rows however many the group has.
/// </summary>
/// <param name="ReplaceAll">Whoever is not in <paramref name="Present"/> goes.</param>
/// <param name="Present">SCIM ids of users who are members afterwards.</param>
/// <param name="Absent">SCIM ids of users who are not; empty with <paramref name="ReplaceAll"/>.</param>
public sealed record MembershipChange(bool ReplaceAll, IReadOnlyCollection<Guid> Present, IReadOnlyCollection<Guid> Absent)
{
    public static readonly MembershipChange None = new(false, [], []);

    public bool IsNone => !ReplaceAll && Present.Count == 0 && Absent.Count == 0;

    /// <summary>Members of a POST or PUT body: exactly these.</summary>
    public static MembershipChange Exactly(JsonNode? members) => new(true, Values(members).ToHashSet(), []);

    /// <summary>Folds the operations on <c>members</c> in their order; the last word on each member counts.</summary>
    public static MembershipChange Fold(IEnumerable<PathedOperation> operations, Tolerance? tolerance = null)
    {
        tolerance ??= Tolerance.Strict;
        var all = false;
        var present = new HashSet<Guid>();
        var absent = new HashSet<Guid>();
        foreach (var operation in operations)
        {
            var sub = operation.Path.FilteredSub ?? operation.Path.Attribute.Sub;
            if (operation.Path.ValueFilter is not null || sub is not null)
            {
                if (operation.Verb != PatchVerb.Remove || sub is not null)
                    throw ScimException.Mutability("A member cannot be changed in place; remove it and add another.");
                foreach (var id in Filtered(operation.Path.ValueFilter!)) Leave(id);
            }
            else if (operation.Verb == PatchVerb.Add) foreach (var id in Values(operation.Value)) Join(id);
            else if (operation.Verb == PatchVerb.Remove && IsList(operation.Value) && tolerance.ListedRemoval()) foreach (var id in Values(operation.Value)) Leave(id);
            else
            {
                // Replace all, or remove all: a path without values (Keycloak sends `value: null`).
                (all, present, absent) = (true, operation.Verb == PatchVerb.Replace ? [.. Values(operation.Value)] : [], []);
            }
        }
        return new MembershipChange(all, present, absent);

        void Join(Guid id) { present.Add(id); absent.Remove(id); }
        void Leave(Guid id) { present.Remove(id); if (!all) absent.Add(id); }
    }

    private static bool IsList(JsonNode? value) => value is JsonArray or JsonObject || MemberIds.TryRead(value, out _);

    private static IEnumerable<Guid> Filtered(Filter filter) => filter switch
    {
        Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute.Name: "value" } compare => [Id(compare.Value.Text)],
        Filter.Or or => Filtered(or.Left).Concat(Filtered(or.Right)),
        _ => throw ScimException.InvalidFilter("Members are removed by value: members[value eq \"ID\"]."),
    };

    private static IEnumerable<Guid> Values(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array.OfType<JsonNode>().Select(Value),
        _ when MemberIds.TryRead(node, out var ids) => ids,
        _ => [Value(node)],
    };

    private static Guid Value(JsonNode node)
    {
        if (node is not JsonObject member) return Id(Text(node));
        if (Find(member, "type") is { } type && AttributeDefinition.NameEquals(Text(type), "Group"))
            throw ScimException.InvalidValue("A group cannot be a member of a group: nested groups are not supported. Add its users instead.");
        return Id(Text(Find(member, "value")));
    }

    /// <summary>The user that an element of <c>members</c> names; null where <see cref="Value"/> refuses it.</summary>
    internal static Guid? TryId(JsonNode element)
    {
        var id = element;
        if (element is JsonObject member)
        {
            if (Find(member, "type") is { } type && !(IsText(type) && !AttributeDefinition.NameEquals(type.GetValue<string>(), "Group"))) return null;
            id = Find(member, "value");
        }
        return id is not null && IsText(id) && Guid.TryParse(id.GetValue<string>(), out var found) ? found : null;
    }

    private static bool IsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String;

    private static JsonNode? Find(JsonObject member, string name) =>
        member.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, name)).Value;

    private static string Text(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String
            ? node.GetValue<string>()
            : throw ScimException.InvalidValue("Each member needs a \"value\": the id of a user of this directory, as a string.");

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw UnknownMembers([text]);

    /// <summary>The refusal for ids that the directory never issued.</summary>
    public static ScimException UnknownMembers(IEnumerable<string> ids) => ScimException.InvalidValue(
        $"No user of this directory has the id {string.Join(", ", ids.Take(10))}. Create the user first, then add it to the group.");
}
