using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Scim.Bulk;

public sealed class BulkTests(DirectoryFixture fixture)
{
    private static Task<Answer> BulkAsync(ScimClient scim, string operations, string more = "", bool chunked = false) => scim.SendAsync("POST", "/Bulk",
        $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]{{more}},"Operations":[{{operations}}]}""", chunked: chunked);

    private static List<JsonNode> Operations(Answer answer) => [.. answer.Expect(HttpStatusCode.OK).Body!["Operations"]!.AsArray().Select(operation => operation!)];

    private static string Statuses(Answer answer) => string.Join(' ', Operations(answer).Select(operation => operation["status"]!.GetValue<string>()));

    [Fact]
    public async Task Operations_answer_in_their_order_with_status_location_and_version()
    {
        var scim = await fixture.DirectoryAsync();
        var bob = await scim.CreateUserAsync("bob");
        var answer = await BulkAsync(scim, $$$"""
            {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"ada"}},
            {"method":"PATCH","path":"/Users/{{{bob}}}","data":{"Operations":[{"op":"replace","path":"title","value":"Dr"}]}},
            {"method":"PUT","path":"/Users/{{{bob}}}","version":"W/\"1\"","data":{"userName":"bob"}},
            {"method":"DELETE","path":"/Users/{{{bob}}}"},
            {"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"ADA"}}
            """);
        Assert.Equal("201 200 412 204 409", Statuses(answer));
        var operations = Operations(answer);
        Assert.Equal("a", operations[0]["bulkId"]!.GetValue<string>());
        Assert.Equal("W/\"1\"", operations[0]["version"]!.GetValue<string>());
        Assert.StartsWith(scim.BaseUrl + "/Users/", operations[0]["location"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal($"{scim.BaseUrl}/Users/{bob}", operations[2]["location"]!.GetValue<string>());
        Assert.Equal("uniqueness", operations[4]["response"]!["scimType"]!.GetValue<string>());
        Assert.Null(operations[4]["location"]);
        (await scim.GetAsync($"/Users/{bob}")).Refused(404, null);
    }

    [Fact]
    public async Task A_name_may_be_used_before_it_is_given()
    {
        var scim = await fixture.DirectoryAsync();
        var answer = await BulkAsync(scim, """
            {"method":"PATCH","path":"/Groups/bulkId:team","data":{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:bob"}]}]}},
            {"method":"POST","path":"/Groups","bulkId":"team","data":{"displayName":"Team","members":[{"value":"bulkId:ada"}]}},
            {"method":"POST","path":"/Users","bulkId":"ada","data":{"userName":"ada"}},
            {"method":"POST","path":"/Users","bulkId":"bob","data":{"userName":"bob"}}
            """);
        Assert.Equal("204 201 201 201", Statuses(answer));
        var ids = Operations(answer).Select(operation => operation["location"]?.GetValue<string>().Split('/')[^1]).ToList();
        Assert.Equal(ids[2..].Order(), (await scim.MembersAsync(Guid.Parse(ids[1]!))).Select(id => id.ToString()).Order());
    }

    [Fact]
    public async Task Each_operation_but_a_failed_POST_tells_its_location_also_by_a_name()
    {
        var scim = await fixture.DirectoryAsync();
        var answer = await BulkAsync(scim, """
            {"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"ada"}},
            {"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[{"op":"replace","path":"title","value":"Dr"}]}},
            {"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[{"op":"replace","path":"nosuch","value":"Dr"}]}},
            {"method":"PUT","path":"/Users/bulkId:u","data":{"userName":"ada2"}},
            {"method":"PUT","path":"/Users/bulkId:u","data":{}},
            {"method":"DELETE","path":"/Users/bulkId:u","version":"W/\"77\""},
            {"method":"DELETE","path":"/Users/bulkId:u"},
            {"method":"DELETE","path":"/Users/bulkId:u"}
            """, ",\"failOnErrors\":30000000000");
        Assert.Equal("201 200 400 200 400 412 204 404", Statuses(answer));
        var locations = Operations(answer).Select(operation => operation["location"]?.GetValue<string>()).Distinct().ToList();
        Assert.StartsWith($"{scim.BaseUrl}/Users/", Assert.Single(locations), StringComparison.Ordinal);
        Assert.DoesNotContain("bulkId", locations[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_refer_to_each_other_in_a_circle_are_resolved()
    {
        const string enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        var scim = await fixture.DirectoryAsync();
        var answer = await BulkAsync(scim, """
            {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"ada","MANAGER":{"department":"X","manager":{"value":"bulkId:b"}}}},
            {"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"bob","MANAGER":{"manager":{"value":"bulkId:a"}}}}
            """.Replace("MANAGER", enterprise, StringComparison.Ordinal));
        Assert.True(Statuses(answer) == "201 201", answer.Body!.ToJsonString());
        var (ada, bob) = (Id(0), Id(1));
        Assert.Equal(bob, (await scim.GetAsync($"/Users/{ada}")).Body![enterprise]!["manager"]!["value"]!.GetValue<string>());
        Assert.Equal(ada, (await scim.GetAsync($"/Users/{bob}")).Body![enterprise]!["manager"]!["value"]!.GetValue<string>());
        Assert.Equal((await scim.GetAsync($"/Users/{ada}")).Body!["meta"]!["version"]!.GetValue<string>(), Operations(answer)[0]["version"]!.GetValue<string>());

        string Id(int index) => Operations(answer)[index]["location"]!.GetValue<string>().Split('/')[^1];
    }

    [Fact]
    public async Task A_path_that_names_its_own_operation_is_refused_and_the_others_run()
    {
        var scim = await fixture.DirectoryAsync();
        Assert.Equal("400 201", Statuses(await BulkAsync(scim, """
            {"method":"POST","path":"/Users/bulkId:a","bulkId":"a","data":{"userName":"ada"}},
            {"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"bob"}}
            """)));
    }

    [Fact]
    public async Task After_so_many_errors_nothing_more_is_done()
    {
        var scim = await fixture.DirectoryAsync();
        const string sent = """
            {"method":"POST","path":"/Users","bulkId":"1","data":{}},
            {"method":"POST","path":"/Nowhere","bulkId":"2","data":{"userName":"x"}},
            {"method":"POST","path":"/Users","data":{"userName":"x"}},
            {"method":"POST","path":"/Groups","bulkId":"4","data":{"displayName":"G","members":[{"value":"bulkId:1"}]}},
            {"method":"POST","path":"/Users","bulkId":"5","data":{"userName":"last"}}
            """;
        Assert.Equal("400 400", Statuses(await BulkAsync(scim, sent, ",\"failOnErrors\":2")));
        Assert.Equal(0, (await scim.GetAsync("/Users?count=0")).Total);
        Assert.Equal("400 400 400 409 201", Statuses(await BulkAsync(scim, sent)));
    }

    [Fact]
    public async Task Too_much_at_once_is_413_that_names_the_limit()
    {
        var scim = await fixture.DirectoryAsync();
        var many = string.Join(',', Enumerable.Repeat("""{"method":"DELETE","path":"/Users/x"}""", 1_001));
        Assert.Contains("1000", (await BulkAsync(scim, many)).Refused(413, null).Detail, StringComparison.Ordinal);
        var large = new StringBuilder().Insert(0, "x", 1 << 20);
        foreach (var chunked in (bool[])[false, true])
        {
            var refused = await BulkAsync(scim, $$$"""{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"{{{large}}}"}}""", chunked: chunked);
            Assert.Contains("1048576 bytes, the maxPayloadSize", refused.Refused(413, null).Detail, StringComparison.Ordinal);
        }
        (await BulkAsync(scim, """{"method":"POST","path":"/Users","bulkId":"a","data":{}},{"method":"POST","path":"/Users","bulkId":"a","data":{}}""")).Refused(400, "invalidSyntax");
        (await BulkAsync(scim, "")).Refused(400, "invalidSyntax");
        (await scim.SendAsync("POST", "/Bulk", """{"Operations":[]}""")).Refused(400, "invalidSyntax");
    }
}
