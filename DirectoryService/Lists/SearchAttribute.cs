using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Lists;

/// <summary>An attribute that an admin chose to be searched by (scim.md rule 26), and its keys in <c>user_lookups</c>.</summary>
/// <param name="IsReady">Whether the keys of all users exist, so that searches can use them.</param>
internal sealed record SearchAttribute(short Slot, string Name, bool IsReady)
{
    internal const int Most = 5;

    /// <summary>Length of a key in characters; the rest of the value is compared by <see cref="FilterMatcher"/>.</summary>
    private const int KeyLength = 250;

    private readonly AttributePath path = Resolve(Name) ?? throw new InvalidOperationException($"'{Name}' cannot be searched by.");

    /// <summary>Resolves a name to a path; null when its values are not text or it already has a column or table.</summary>
    internal static AttributePath? Resolve(string name) =>
        PathResolver.TryResolve(ResourceSchema.User, name) is { IsForeign: false, Leaf: { Type: AttributeType.String or AttributeType.Reference, Returned: Returned.Default } leaf } path
            && path.Attribute is { Name: not ("schemas" or "groups" or "meta") } && leaf.Mutability != Mutability.ReadOnly && !FilterColumn.Users.ContainsKey(path.ToString())
            ? path : null;

    /// <summary>Paths of filters that these keys answer: <c>roles.value</c> answers <c>roles</c> too.</summary>
    internal IEnumerable<string> Paths => path.Sub is { Name: "value" } ? [path.ToString(), (path with { Sub = null }).ToString()] : [path.ToString()];

    internal IEnumerable<string> Keys(JsonObject user) => FilterMatcher.Values(path, user)
        .Where(value => value.GetValueKind() == JsonValueKind.String).Select(value => Key(value.GetValue<string>())).Distinct();

    internal string Key(string value) => Cut(IsExact ? value : ScimText.Canonical(value));

    /// <summary>The key of a prefix, which is not trimmed.</summary>
    internal string Prefix(string value) => Cut(IsExact ? value : ScimText.Fold(value));

    private bool IsExact => path.Leaf!.CaseExact;

    private static string Cut(string key) => key.Length <= KeyLength ? key : key[..(char.IsHighSurrogate(key[KeyLength - 1]) ? KeyLength - 1 : KeyLength)];
}
