using System.Net;

namespace DirectoryService.Tests.Scim;

/// <summary>An extension that no schema here describes is reached by filters, value paths and sortBy as any other is.</summary>
public sealed class UnknownExtensionTests(DirectoryFixture fixture)
{
    private const string Urn = "urn:unknown:ext:2.0:User";

    private async Task<ScimClient> WithPeopleAsync()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var (name, extension) in (IEnumerable<(string, string)>)[
            ("ada", """{"costCode":"b7","rank":10,"things":[{"type":"a","value":"1"},{"type":"b","value":"2","primary":true}]}"""),
            ("bob", """{"costCode":"A9","rank":9.5,"things":[{"type":"A","value":"15"}]}"""),
            ("cleo", """{"rank":1e300}"""),
            ("dora", """{"costCode":"c1","things":{"type":"b","value":"0"}}""")])
            await scim.CreateUserAsync(name, $",\"{Urn}\":{extension}");
        return scim;
    }

    [Theory]
    [InlineData("things[type eq \"a\"]", "ada bob")]
    [InlineData("things[type eq \"a\" and value eq \"1\"]", "ada")]
    [InlineData("things[type eq \"a\" and value eq \"2\"]", "")]
    [InlineData("things[type eq \"b\"]", "ada dora")]
    [InlineData("things[primary eq true] and userName sw \"a\"", "ada")]
    public async Task A_value_filter_selects_by_what_one_value_says(string filter, string expected)
    {
        var scim = await WithPeopleAsync();
        Assert.Equal(expected, Names(await scim.FilterAsync("Users", $"{Urn}:{filter}", "&sortBy=userName")));
    }

    [Theory]
    [InlineData("costCode", "ascending", "bob ada dora cleo")]
    [InlineData("costCode", "descending", "cleo dora ada bob")]
    [InlineData("rank", "ascending", "bob ada cleo dora")]
    [InlineData("things", "ascending", "dora bob ada cleo")] // by the primary value
    [InlineData("things.value", "ascending", "dora ada bob cleo")]
    public async Task A_list_is_sorted_by_it_and_missing_values_are_last(string by, string order, string expected)
    {
        var scim = await WithPeopleAsync();
        Assert.Equal(expected, Names(await scim.GetAsync($"/Users?sortBy={Urn}:{by}&sortOrder={order}")));
        Assert.Equal(expected, Names(await scim.GetAsync($"/?sortBy={Urn}:{by}&sortOrder={order}")));
    }

    [Fact]
    public async Task A_patch_changes_the_value_that_its_filter_picks()
    {
        var scim = await WithPeopleAsync();
        var ada = $"/Users/{(await scim.FilterAsync("Users", "userName eq \"ada\"")).Body!["Resources"]![0]!["id"]}";
        var patched = (await scim.PatchAsync(ada, $$"""{"op":"replace","path":"{{Urn}}:things[type eq \"a\"].value","value":"9"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""[{"type":"a","value":"9"},{"type":"b","value":"2","primary":true}]""", patched.Body![Urn]!["things"]!.ToJsonString());
        (await scim.PatchAsync(ada, $$"""{"op":"replace","path":"{{Urn}}:things[type eq \"z\"].value","value":"9"}""")).Refused(400, "noTarget");
        var left = (await scim.PatchAsync(ada, $$"""{"op":"remove","path":"{{Urn}}:things[type eq \"b\"]"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""[{"type":"a","value":"9"}]""", left.Body![Urn]!["things"]!.ToJsonString());
        var byKey = (await scim.PatchAsync(ada, $$"""{"op":"add","value":{"{{Urn}}:things[type eq \"a\"].value":"8"} }""")).Expect(HttpStatusCode.OK);
        Assert.Equal("8", byKey.Body![Urn]!["things"]![0]!["value"]!.GetValue<string>());
    }

    private static string Names(Answer answer) =>
        string.Join(' ', answer.Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(user => user!["userName"]!.GetValue<string>()));
}
