using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Scim;

/// <summary>Discovery (RFC 7644 §4, RFC 7643 §5 to §8), media types, and what is not offered.</summary>
public sealed class DiscoveryTests(DirectoryFixture fixture)
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>Every attribute of RFC 7643 §8.7.1, sub-attributes behind a colon.</summary>
    [Theory]
    [InlineData(Core + "User", """
        userName name:formatted,familyName,givenName,middleName,honorificPrefix,honorificSuffix displayName nickName profileUrl title userType preferredLanguage locale timezone active password
        emails:value,display,type,primary phoneNumbers:value,display,type,primary ims:value,display,type,primary photos:value,display,type,primary
        addresses:formatted,streetAddress,locality,region,postalCode,country,type,display,primary groups:value,$ref,display,type
        entitlements:value,display,type,primary roles:value,display,type,primary x509Certificates:value,display,type,primary
        """)]
    [InlineData(Core + "Group", "displayName members:value,$ref,type,display")]
    [InlineData(Enterprise, "employeeNumber costCenter organization division department manager:value,$ref,displayName")]
    public async Task A_schema_describes_each_of_its_attributes(string urn, string attributes)
    {
        var scim = await fixture.DirectoryAsync();
        var schema = (await scim.GetAsync($"/Schemas/{urn}")).Expect(HttpStatusCode.OK).Body!;
        Assert.Equal((urn, $"{scim.BaseUrl}/Schemas/{urn}", "Schema"), (schema["id"]!.GetValue<string>(), schema["meta"]!["location"]!.GetValue<string>(), schema["meta"]!["resourceType"]!.GetValue<string>()));
        var expected = attributes.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(':')).ToList();
        var described = schema["attributes"]!.AsArray();
        Assert.Equal(expected.Select(one => one[0]), described.Select(one => one!["name"]!.GetValue<string>()));
        foreach (var (attribute, names) in described.Zip(expected))
        {
            AssertCharacteristics(attribute!.AsObject());
            var subs = attribute["subAttributes"]?.AsArray() ?? [];
            Assert.Equal(names.Length > 1 ? names[1].Split(',') : [], subs.Select(sub => sub!["name"]!.GetValue<string>()));
            foreach (var sub in subs) AssertCharacteristics(sub!.AsObject());
        }
    }

    /// <summary>RFC 7643 §7: each characteristic that there is, with a value that it may have.</summary>
    private static void AssertCharacteristics(JsonObject attribute)
    {
        Assert.False(string.IsNullOrWhiteSpace(attribute["description"]!.GetValue<string>()), attribute.ToJsonString());
        Assert.Contains(attribute["type"]!.GetValue<string>(), (string[])["string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"]);
        Assert.Contains(attribute["mutability"]!.GetValue<string>(), (string[])["readOnly", "readWrite", "immutable", "writeOnly"]);
        Assert.Contains(attribute["returned"]!.GetValue<string>(), (string[])["always", "never", "default", "request"]);
        Assert.Contains(attribute["uniqueness"]!.GetValue<string>(), (string[])["none", "server", "global"]);
        foreach (var flag in (string[])["multiValued", "required"]) Assert.True(attribute[flag]!.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False);
        Assert.Equal(attribute["type"]!.GetValue<string>() == "reference", attribute.ContainsKey("referenceTypes"));
    }

    [Fact]
    public async Task Discovery_lists_its_schemas_and_types_and_each_is_found_where_it_says()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var list in (string[])["/Schemas", "/ResourceTypes"])
        {
            var found = (await scim.GetAsync(list)).Expect(HttpStatusCode.OK).Body!;
            Assert.Equal(found["totalResults"]!.GetValue<int>(), found["Resources"]!.AsArray().Count);
            foreach (var one in found["Resources"]!.AsArray())
                Assert.True(JsonNode.DeepEquals(one, (await scim.GetAsync(one!["meta"]!["location"]!.GetValue<string>()[scim.BaseUrl.Length..])).Expect(HttpStatusCode.OK).Body));
        }
        (await scim.GetAsync("/Schemas/urn:nosuch")).Refused(404, null);
        (await scim.GetAsync("/ResourceTypes/Device")).Refused(404, null);
        var user = (await scim.GetAsync("/ResourceTypes/User")).Body!;
        Assert.Equal((Core + "User", "/Users", Enterprise), (user["schema"]!.GetValue<string>(), user["endpoint"]!.GetValue<string>(), user["schemaExtensions"]![0]!["schema"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_configuration_says_what_is_offered_pages_by_cursor_included()
    {
        var scim = await fixture.DirectoryAsync();
        var config = (await scim.GetAsync("/ServiceProviderConfig")).Expect(HttpStatusCode.OK).Body!;
        foreach (var (feature, offered) in ((string, bool)[])[("patch", true), ("bulk", true), ("filter", true), ("changePassword", false), ("sort", true), ("etag", true)])
            Assert.Equal(offered, config[feature]!["supported"]!.GetValue<bool>());
        var pagination = config["pagination"]!;
        Assert.True(pagination["cursor"]!.GetValue<bool>() && pagination["index"]!.GetValue<bool>());
        Assert.Equal(("index", 100, 200, 3600), (pagination["defaultPaginationMethod"]!.GetValue<string>(), pagination["defaultPageSize"]!.GetValue<int>(), pagination["maxPageSize"]!.GetValue<int>(), pagination["cursorTimeout"]!.GetValue<int>()));
        Assert.Equal("oauthbearertoken", config["authenticationSchemes"]![0]!["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(null, "application/scim+json")]
    [InlineData("application/scim+json", "application/scim+json")]
    [InlineData("application/scim+json, application/json;q=0.9", "application/scim+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("*/*", "application/scim+json")]
    [InlineData("text/html", "application/scim+json")]
    public async Task An_answer_has_the_type_that_the_client_accepts(string? accept, string type)
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        foreach (var path in (string[])["/Users", $"/Users/{user}", $"/Users/{Guid.NewGuid()}", "/Schemas"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, scim.BaseUrl + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
            if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await fixture.Http.SendAsync(request);
            Assert.Equal((type, "utf-8"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentType.CharSet));
        }
    }

    [Theory]
    [InlineData("application/scim+json", 201)]
    [InlineData("application/scim+json; charset=utf-8", 201)]
    [InlineData("application/json", 201)]
    [InlineData("APPLICATION/JSON;charset=UTF-8", 201)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/xml", 415)]
    public async Task A_body_is_taken_as_JSON_of_either_name(string type, int status)
    {
        var scim = await fixture.DirectoryAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Users") { Content = new ByteArrayContent("""{"userName":"ada"}"""u8.ToArray()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await fixture.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_is_not_offered_says_so()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"]) (await scim.SendAsync(method, "/Me", method == "GET" ? null : "{}")).Refused(501, null);
        (await scim.GetAsync("/Devices")).Refused(404, null);
        (await scim.SendAsync("PATCH", "/Users", "{}")).Refused(405, null);
        (await scim.SendAsync("POST", $"/Users/{Guid.NewGuid()}", "{}")).Refused(405, null);
        (await scim.SendAsync("DELETE", "/Schemas")).Refused(405, null);
        foreach (var path in (string[])["/Schemas", "/Schemas/" + Enterprise, "/ResourceTypes", "/ResourceTypes/User", "/ServiceProviderConfig"])
            (await scim.GetAsync(path + "?filter=id pr")).Refused(403, null);
    }
}
