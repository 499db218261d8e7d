using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Body;

/// <summary>
/// Builds a document token by token:
/// <code>
/// [ of members ──► JSON nodes     while all such arrays of the body are small
///               └► ids            beyond: each element is made, read and dropped
/// anything else ─► JSON nodes     counted against <see cref="BodyLimit.Tree"/>
/// </code>
/// Every string is decoded, so that text that cannot be stored is refused before anything is written.
/// </summary>
internal sealed class BodyTreeBuilder(bool foldsMembers)
{
    /// <summary>Largest number of bytes of all member arrays of the body that become JSON nodes; larger arrays become ids.</summary>
    private const int FewMembers = 64 * 1024;

    private readonly Stack<Frame> open = new();
    private string? name;
    private long held;
    private long whole;

    private sealed record Frame(JsonNode Node, string? Name, MemberArrayReader? Members, long HeldBefore);

    internal JsonNode? Root { get; private set; }

    internal void Add(ref Utf8JsonReader json, long bytes)
    {
        if ((held += bytes) > BodyLimit.Tree) throw BodyLimit.TreeExceeded;
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject: open.Push(new Frame(new JsonObject(), name, null, held)); break;
            case JsonTokenType.StartArray: open.Push(new Frame(new JsonArray(), name, IsMembers() ? new MemberArrayReader() : null, held)); break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray: Close(open.Pop()); break;
            case JsonTokenType.PropertyName: name = Text(ref json); break;
            case JsonTokenType.String: Attach(name, JsonValue.Create(Text(ref json))); break;
            case JsonTokenType.Number: Attach(name, Number(ref json)); break;
            case JsonTokenType.True or JsonTokenType.False: Attach(name, JsonValue.Create(json.GetBoolean())); break;
            case JsonTokenType.Null: Attach(name, null); break;
            case JsonTokenType.None or JsonTokenType.Comment: throw new InvalidOperationException($"The reader gave {json.TokenType}.");
        }
    }

    private void Close(Frame frame) =>
        Attach(frame.Name, frame.Members?.Folded is { } folded ? MemberIds.Node(folded) : frame.Node);

    private void Attach(string? key, JsonNode? node)
    {
        if (!open.TryPeek(out var parent)) Root = node;
        else if (parent.Members is { } members) Fold(parent, members, node);
        else if (parent.Node is JsonArray array) array.Add(node);
        else if (!((JsonObject)parent.Node).TryAdd(key!, node)) throw ScimException.InvalidSyntax($"The body has '{key}' twice in one object; send it once.");
    }

    private void Fold(Frame frame, MemberArrayReader members, JsonNode? element)
    {
        whole += held - frame.HeldBefore;
        held = frame.HeldBefore;
        members.Add((JsonArray)frame.Node, element, keep: whole <= FewMembers);
    }

    /// <summary><c>members</c> by any spelling, and the values of an operation on them, whose path may come after its value.</summary>
    private bool IsMembers()
    {
        const int operation = 3; // body, Operations, operation
        if (!foldsMembers || name is null || !open.TryPeek(out var parent) || parent.Node is not JsonObject) return false;
        return ((AttributeDefinition.NameEquals(name, GroupSchema.Members) || AttributeDefinition.NameEquals(name, $"{Urns.Group}:{GroupSchema.Members}")) && IsOfGroup(parent))
            || (open.Count == operation && AttributeDefinition.NameEquals(name, "value") && MayBeOfMembers((JsonObject)parent.Node));
    }

    /// <summary>
    /// Whether an object contains attributes of the group: the body, an operation's value, or the core schema's object in
    /// either. Extensions may have an attribute named members too.
    /// </summary>
    private bool IsOfGroup(Frame holder) => open.Count switch
    {
        1 => true,
        4 => holder.Name is { } value && AttributeDefinition.NameEquals(value, "value"),
        2 or 5 => holder.Name is { } urn && AttributeDefinition.NameEquals(urn, Urns.Group),
        _ => false,
    };

    private static bool MayBeOfMembers(JsonObject operation) =>
        operation.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, "path")).Value is not JsonValue path
        || path.ToString().Trim() is var text && (AttributeDefinition.NameEquals(text, GroupSchema.Members) || AttributeDefinition.NameEquals(text, $"{Urns.Group}:{GroupSchema.Members}"));

    private static string Text(ref Utf8JsonReader json)
    {
        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException) // thrown for invalid UTF-8 and for lone surrogates
        {
            throw ScimException.InvalidSyntax("The body holds text that is no valid Unicode (bad UTF-8, or half of a surrogate pair); send valid UTF-8.");
        }
        if (text.Contains('\0', StringComparison.Ordinal))
            throw ScimException.InvalidValue("The body holds the character NUL (U+0000), which cannot be stored; leave it out.");
        return text;
    }

    private static JsonValue Number(ref Utf8JsonReader json)
    {
        const int maxDigits = 100;
        var length = json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length;
        if (length > maxDigits || !json.TryGetDouble(out var number) || !double.IsFinite(number))
            throw ScimException.InvalidValue($"The body holds a number that is too large or longer than {maxDigits} characters.");
        return JsonValue.Create(JsonElement.ParseValue(ref json))!;
    }
}
