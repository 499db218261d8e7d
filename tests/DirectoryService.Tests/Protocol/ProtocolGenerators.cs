using System.Globalization;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace DirectoryService.Tests.Protocol;

/// <summary>Filters over every attribute of a user, and text of every kind.</summary>
internal static class ProtocolGenerators
{
    private static readonly string[] Pieces =
        ["a", "Z", "0", " ", "\"", "\\", "/", "%", "_", "'", "[", "]", "(", ")", ".", ":", "and", "é", "e\u0301", "ß", "İ", "ı", "李", "😀", "\u200b", "\t", "\u007f", "ﬁ"];

    internal static readonly Gen<string> Text = Gen.Choose(0, 6).SelectMany(length => Gen.Elements(Pieces).ListOf(length)).Select(pieces => string.Concat(pieces));

    /// <summary>Every path that the schemas have, and one of an extension that they have not.</summary>
    internal static readonly IReadOnlyList<AttributePath> Paths =
    [
        .. ResourceSchema.Common.Concat(ResourceSchema.User.Core.Attributes).SelectMany(attribute => WithSubs(null, attribute)),
        .. EnterpriseSchema.User.Attributes.SelectMany(attribute => WithSubs(Urns(), attribute)),
        AttributePath.Foreign("urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge.colour"),
    ];

    internal static Gen<Filter> Filters => Gen.Choose(0, 4).SelectMany(depth => Expression(depth, Gen.Elements<AttributePath>([.. Paths]), withinElement: false));

    private static string Urns() => DirectoryService.Protocol.Urns.EnterpriseUser;

    private static IEnumerable<AttributePath> WithSubs(string? extension, AttributeDefinition attribute) =>
        attribute.SubAttributes.Select(sub => new AttributePath(extension, attribute, sub)).Prepend(new(extension, attribute, null))
            .Where(path => path.Leaf!.Returned != Returned.Never);

    private static Gen<Filter> Expression(int depth, Gen<AttributePath> paths, bool withinElement)
    {
        if (depth == 0) return Gen.OneOf(paths.Select(path => (Filter)new Filter.Present(path)), paths.SelectMany(Comparison), paths.SelectMany(Comparison));
        var inner = Gen.Choose(0, depth - 1).SelectMany(next => Expression(next, paths, withinElement));
        List<Gen<Filter>> choices =
        [
            inner.SelectMany(left => inner.Select(right => (Filter)new Filter.And(left, right))),
            inner.SelectMany(left => inner.Select(right => (Filter)new Filter.Or(left, right))),
            inner.Select(one => (Filter)new Filter.Not(one)),
        ];
        if (!withinElement) choices.Add(ValuePath(depth - 1));
        return Gen.OneOf(choices);
    }

    private static Gen<Filter> ValuePath(int depth) => Gen.Elements<AttributePath>([.. Paths.Where(path => path is { Sub: null, Attribute.Type: AttributeType.Complex })])
        .SelectMany(owner => Expression(Math.Min(depth, 2), Gen.Elements<AttributePath>([.. owner.Attribute!.SubAttributes.Select(sub => new AttributePath(null, sub, null))]), withinElement: true)
            .Select(inner => (Filter)new Filter.ValuePath(owner, inner)));

    private static Gen<Filter> Comparison(AttributePath path) => Gen.Elements(Enum.GetValues<CompareOperator>()).SelectMany(comparison => Value.Select(value => (comparison, value)))
        .Where(pair => IsAllowed(path, pair.comparison, pair.value.Kind))
        .Select(pair => (Filter)new Filter.Compare(path, pair.comparison, pair.value));

    private static readonly Gen<FilterValue> Value = Gen.OneOf(
        Text.Select(text => new FilterValue(FilterValueKind.String, text)),
        Gen.Elements("true", "false").Select(text => new FilterValue(FilterValueKind.Boolean, text)),
        Gen.Choose(-1000, 1000).Select(number => new FilterValue(FilterValueKind.Number, (number / 8.0).ToString(CultureInfo.InvariantCulture))),
        Gen.Constant(new FilterValue(FilterValueKind.Null, "")));

    private static bool IsAllowed(AttributePath path, CompareOperator comparison, FilterValueKind kind)
    {
        var ordering = comparison is CompareOperator.Gt or CompareOperator.Ge or CompareOperator.Lt or CompareOperator.Le;
        if (kind == FilterValueKind.Null) return comparison is CompareOperator.Eq or CompareOperator.Ne;
        if (path.Leaf is { Type: AttributeType.DateTime } && comparison is not (CompareOperator.Co or CompareOperator.Sw or CompareOperator.Ew)) return false;
        return !ordering || (kind != FilterValueKind.Boolean && path.Leaf is not { Type: AttributeType.Boolean or AttributeType.Binary });
    }

    /// <summary>PATCH operations, some of them refused.</summary>
    internal static readonly Gen<JsonObject> Operation =
        from verb in Gen.Elements("add", "replace", "remove", "Replace")
        from path in Gen.Elements(
            "title", "name", "name.givenName", "emails", "emails[type eq \"work\"]", "emails[type eq \"work\"].value", "emails[primary eq true].value", "emails[value eq \"b\"].primary", "emails.primary", "emails.type",
            "roles", "roles[primary eq \"True\"].value", "addresses[type eq \"work\"].country", "manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:acme:2.0:User:badge", "urn:acme:2.0:User", "userName", "id", "groups", "nosuch", "meta.version", "")
        from value in Gen.Elements(
            "\"a\"", "\"\"", "null", "[]", "{}", "true", "\"True\"", "7", "[{\"value\":\"b\"}]", "[{\"value\":\"b\",\"primary\":true}]", "{\"value\":\"c\",\"type\":\"work\",\"primary\":true}",
            "[{\"value\":\"d\",\"primary\":true},{\"value\":\"e\",\"primary\":\"true\"}]", "[\"x\"]", "{\"givenName\":\"g\"}", "{\"department\":\"d\",\"manager\":\"m\"}", "{\"title\":\"t\",\"emails[type eq \\\"home\\\"].value\":\"h\"}",
            "{\"badge\":{\"colour\":\"red\",\"none\":null}}")
        select JsonNode.Parse(path.Length == 0 ? $$"""{"op":"{{verb}}","value":{{value}}}""" : $$"""{"op":"{{verb}}","path":{{JsonValue.Create(path).ToJsonString()}},"value":{{value}}}""")!.AsObject();
}
