namespace DirectoryService.Tests.Fuzz;

/// <summary>Requests of the grammar, every second of them broken somewhere.</summary>
internal sealed class MalformedRequests(Random random, Guid user, Guid group)
{
    private static readonly string[] Names =
    [
        "userName", "displayName", "name.givenName", "emails", "emails.value", "members", "members.value", "active", "meta.lastModified", "externalId", "id", "schemas",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "urn:x:y", "urn:acme:2.0:User", "urn:acme:2.0:User:badge.colour",
        "URN:ACME:2.0:user:tags", "manager", "groups", "nothing", "password", "roles", "emails.primary", "x509Certificates.value", "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName",
    ];

    private static readonly string[] Operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ", "xx"];
    private static readonly string[] Odd = ["\"", "\\", "[", "]", "{", "}", "(", ")", ",", ":", "\\u0000", "\\ud800", "\u200b", "İ", "𝒜", "\uFDFA", " ", "null", "1e400", "-", "%", "_", "'"];

    internal (string Method, string Path, string? Body) Next()
    {
        var type = One("Users", "Groups");
        var resource = $"/{type}/{(random.Next(8) == 0 ? Guid.NewGuid() : type == "Users" ? user : group)}";
        return random.Next(9) switch
        {
            6 => ("POST", One("/.search", $"/{type}/.search"), Mangled(Search())),
            7 => ("POST", "/Bulk", Mangled(Bulk(type))),
            8 => ("GET", $"/{One("Users", "Groups", "Schemas", "ResourceTypes", "ServiceProviderConfig", "Me", "")}?{Paging()}", null),
            0 or 1 => ("GET", $"/{type}?filter={Uri.EscapeDataString(Mangled(Filter(3)))}&sortBy={One(Names)}&count={random.Next(-1, 5)}", null),
            2 => ("POST", $"/{type}", Mangled(Resource(type))),
            3 => ("PUT", resource, Mangled(Resource(type))),
            4 => ("GET", $"{resource}?attributes={Uri.EscapeDataString(Mangled(One(Names)))}", null),
            _ => ("PATCH", resource, Mangled($$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{Operations()}}]}""")),
        };
    }

    private string Paging() => string.Join('&', Mangled($"startIndex={random.Next(-2, 4)}&count={random.Next(-2, 4)}&cursor=&sortBy={One(Names)}&sortOrder={One("ascending", "descending", "x")}")
        .Split('&').Select(Uri.EscapeDataString).Select(part => part.Replace("%3D", "=", StringComparison.Ordinal)));

    private string Search() => $$"""
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":{{System.Text.Json.Nodes.JsonValue.Create(Filter(3)).ToJsonString()}},
         "attributes":["{{One(Names)}}"],"sortBy":"{{One(Names)}}","startIndex":{{random.Next(-1, 4)}},"count":{{random.Next(-1, 4)}} }
        """;

    private string Bulk(string type)
    {
        var operations = Enumerable.Range(0, random.Next(1, 4)).Select(n => random.Next(3) switch
        {
            0 => $$"""{"method":"POST","path":"/{{type}}","bulkId":"{{random.Next(3)}}","data":{{Resource(type)}}}""",
            1 => $$$"""{"method":"PATCH","path":"/{{{type}}}/{{{One(user.ToString(), group.ToString(), "bulkId:1")}}}","data":{"Operations":[{{{Operations()}}}]}}""",
            _ => $$$"""{"method":"{{{One("PUT", "DELETE", "GET")}}}","path":"/{{{type}}}/bulkId:{{{random.Next(3)}}}","data":{"userName":"fuzz{{{n}}}","members":[{"value":"bulkId:{{{random.Next(3)}}}"}]}}""",
        });
        return $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":{{random.Next(0, 3)}},"Operations":[{{string.Join(',', operations)}}]}""";
    }

    private string Operations() => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Operation()));

    private string Operation()
    {
        var path = random.Next(3) switch
        {
            0 => "",
            1 => $"\"path\":\"{One(Names)}\",",
            _ => $"\"path\":\"{One("emails", "members", "addresses", "name")}[{Filter(1).Replace("\"", "\\\"", StringComparison.Ordinal)}]{One("", ".value", ".x")}\",",
        };
        return $$"""{"op":"{{One("add", "Replace", "remove", "move")}}",{{path}}"value":{{Value(3)}}}""";
    }

    private string Resource(string type) =>
        $$"""{"{{(type == "Users" ? "userName" : "displayName")}}":"fuzz{{random.Next(50)}}","{{One(Names)}}":{{Value(3)}},"{{One(Names)}}":{{Value(2)}}}""";

    private string Value(int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => One("true", "false", "\"True\""),
        2 => One("0", "-1", "1.5e10", "99999999999999999999"),
        3 => $"\"{user}\"",
        4 => $"\"{One(Odd.Except(["\"", "\\"]).ToArray())}\"",
        5 => $$"""[{"value":"{{user}}","type":"work","primary":true}]""",
        6 => $"[{Value(depth - 1)},{Value(depth - 1)}]",
        _ => $$"""{"{{One(Names)}}":{{Value(depth - 1)}},"value":{{Value(depth - 1)}}}""",
    };

    private string Filter(int depth) => random.Next(depth > 0 ? 7 : 3) switch
    {
        0 => $"{One(Names)} pr",
        1 or 2 => $"{One(Names)} {One(Operators)} {Value(0)}",
        3 => $"{Filter(depth - 1)} and {Filter(depth - 1)}",
        4 => $"{Filter(depth - 1)} or {Filter(depth - 1)}",
        5 => $"not ({Filter(depth - 1)})",
        _ => $"{One("emails", "members", "name")}[{One("value", "type", "givenName")} {One(Operators)} {Value(0)}]",
    };

    /// <summary>Half of them as they are; the rest with pieces put in, cut out or said twice.</summary>
    private string Mangled(string text)
    {
        for (var times = random.Next(4) - 1; times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            var length = random.Next(Math.Min(8, text.Length - at) + 1);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, One(Odd)),
                1 => text.Remove(at, length),
                _ => text.Insert(at, text.Substring(at, length)),
            };
        }
        return text;
    }

    private string One(params string[] choices) => choices[random.Next(choices.Length)];
}
