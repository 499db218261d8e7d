using System.Net;

namespace DirectoryService.Tests.Scim;

/// <summary>ETags and preconditions (RFC 7644 §3.14), and the groups that a user shows.</summary>
public sealed class VersionTests(DirectoryFixture fixture)
{
    [Theory]
    [InlineData("Users", "userName")]
    [InlineData("Groups", "displayName")]
    public async Task A_version_that_the_client_has_is_not_sent_again_and_guards_writes(string type, string name)
    {
        var scim = await fixture.DirectoryAsync();
        var id = (await scim.SendAsync("POST", $"/{type}", $$"""{"{{name}}":"ada"}""")).Expect(HttpStatusCode.Created).Id;
        var path = $"/{type}/{id}";
        var etag = (await scim.GetAsync(path)).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync("GET", etag)).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync("GET", "\"x\", " + etag[2..])).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync("GET", "*")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ConditionalAsync("GET", "W/\"77\"")).Status);
        (await ConditionalAsync("PUT", etag, $$"""{"{{name}}":"bob"}""")).Refused(412, null);
        (await ConditionalAsync("DELETE", "*")).Refused(412, null);
        (await scim.SendAsync("PUT", path, $$"""{"{{name}}":"bob"}""", ifMatch: "W/\"77\"")).Refused(412, null);
        (await scim.SendAsync("PUT", path, $$"""{"{{name}}":"bob"}""", ifMatch: etag)).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("DELETE", path, ifMatch: etag)).Refused(412, null);
        (await scim.SendAsync("DELETE", path, ifMatch: "*")).Expect(HttpStatusCode.NoContent);

        Task<Answer> ConditionalAsync(string method, string tag, string? json = null) => scim.SendAsync(method, path, json, ifNoneMatch: tag);
    }

    [Fact]
    public async Task A_user_shows_the_groups_it_is_in_unless_they_are_excluded()
    {
        var scim = await fixture.DirectoryAsync();
        var (ada, bob) = (await scim.CreateUserAsync("ada"), await scim.CreateUserAsync("bob"));
        var team = await scim.CreateGroupAsync("Team", ada);
        var group = (await scim.GetAsync($"/Users/{ada}")).Body!["groups"]![0]!;
        Assert.Equal((team.ToString(), "Team", "direct", $"{scim.BaseUrl}/Groups/{team}"),
            (group["value"]!.GetValue<string>(), group["display"]!.GetValue<string>(), group["type"]!.GetValue<string>(), group["$ref"]!.GetValue<string>()));
        Assert.False((await scim.GetAsync($"/Users/{bob}")).Body!.ContainsKey("groups"));
        Assert.False((await scim.GetAsync($"/Users/{ada}?excludedAttributes=groups")).Body!.ContainsKey("groups"));
        var listed = (await scim.GetAsync("/Users?attributes=groups.display&sortBy=userName")).Body!["Resources"]!.AsArray();
        Assert.Equal("Team", listed[0]!["groups"]![0]!["display"]!.GetValue<string>());
        Assert.Null(listed[1]!["groups"]);
    }

    [Fact]
    public async Task A_request_that_asks_for_attributes_both_ways_changes_nothing()
    {
        var scim = await fixture.DirectoryAsync();
        (await scim.SendAsync("POST", "/Users?attributes=id&excludedAttributes=name", """{"userName":"ada"}""")).Refused(400, "invalidValue");
        (await scim.SendAsync("POST", "/Groups?attributes=id&excludedAttributes=name", """{"displayName":"Team"}""")).Refused(400, "invalidValue");
        Assert.Equal(0, (await scim.GetAsync("/?count=0")).Total);
    }
}
