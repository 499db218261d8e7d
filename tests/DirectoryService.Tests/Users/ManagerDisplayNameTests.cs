using System.Net;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Users;

/// <summary><c>manager.displayName</c> is what the manager is called now, wherever the user is shown, and whatever a client sends for it.</summary>
public sealed class ManagerDisplayNameTests(DirectoryFixture fixture)
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private const string Path = Enterprise + ":manager.displayName";

    [Fact]
    public async Task The_managers_name_is_shown_wherever_the_user_is()
    {
        var scim = await fixture.DirectoryAsync();
        var boss = await scim.CreateUserAsync("boss", ",\"displayName\":\"The Boss\"");
        var posted = (await scim.SendAsync("POST", "/Users", With("ada", boss))).Expect(HttpStatusCode.Created);
        var (user, plain) = ($"/Users/{posted.Id}", await scim.CreateUserAsync("bob"));
        JsonNode?[] shown =
        [
            posted.Body,
            (await scim.GetAsync(user)).Body,
            (await scim.GetAsync($"{user}?attributes={Path}")).Body,
            (await scim.GetAsync($"{user}?attributes={Enterprise}")).Body,
            (await scim.FilterAsync("Users", "userName eq \"ada\"")).Body!["Resources"]![0],
            (await scim.FilterAsync("Users", "userName ew \"da\"")).Body!["Resources"]![0], // a scan
            (await scim.FilterAsync("Users", "userName ew \"da\"", $"&attributes={Path}")).Body!["Resources"]![0],
            (await scim.FilterAsync("Users", $"{Path} eq \"the boss\"")).Body!["Resources"]![0],
            (await scim.FilterAsync("Users", $"{Enterprise}:manager[displayName sw \"The\"]")).Body!["Resources"]![0],
            (await scim.GetAsync($"/Users?sortBy={Path}")).Body!["Resources"]![0],
            (await scim.SendAsync("POST", "/Users/.search", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName eq \"ada\""}""")).Body!["Resources"]![0],
            (await scim.GetAsync($"/?filter={Uri.EscapeDataString("userName eq \"ada\"")}")).Body!["Resources"]![0],
            (await scim.SendAsync("PUT", user, With("ada", boss, "Somebody else"))).Expect(HttpStatusCode.OK).Body,
            (await scim.PatchAsync(user, """{"op":"add","path":"title","value":"Dr"}""")).Expect(HttpStatusCode.OK).Body,
            (await scim.PatchAsync(user, $$"""{"op":"replace","path":"manager","value":{"value":"{{boss}}","displayName":"Else"} }""")).Expect(HttpStatusCode.OK).Body,
        ];
        Assert.All(shown, one => Assert.Equal("The Boss", NameIn(one)));
        Assert.DoesNotContain("displayName", (await fixture.ScalarAsync<string>("SELECT document::text FROM users WHERE scim_id = $1", posted.Id)), StringComparison.Ordinal);
        Assert.Null((await scim.GetAsync($"/Users/{plain}")).Body![Enterprise]);
        (await scim.PatchAsync(user, $$"""{"op":"replace","path":"{{Path}}","value":"Else"}""")).Refused(400, "mutability");
    }

    [Fact]
    public async Task Who_is_no_user_of_the_directory_has_no_name_here()
    {
        var (scim, other) = (await fixture.DirectoryAsync(), await fixture.DirectoryAsync());
        var stranger = await other.CreateUserAsync("stranger");
        var gone = await scim.CreateUserAsync("gone");
        (await scim.SendAsync("DELETE", $"/Users/{gone}")).Expect(HttpStatusCode.NoContent);
        foreach (var (name, manager) in (IEnumerable<(string, string)>)[("a", stranger.ToString()), ("b", gone.ToString()), ("c", "not-yet-synced"), ("d", Guid.NewGuid().ToString())])
        {
            var user = (await scim.SendAsync("POST", "/Users", With(name, manager))).Expect(HttpStatusCode.Created);
            Assert.Null(NameIn(user.Body));
            Assert.Null(NameIn((await scim.GetAsync($"/Users/{user.Id}")).Body));
        }
        Assert.All((await scim.GetAsync("/Users?sortBy=userName")).Body!["Resources"]!.AsArray(), user => Assert.Null(NameIn(user)));
    }

    /// <summary>What the manager is called changes without a write to the user; a conditional read must not hide it, and a conditional write does not mind.</summary>
    [Theory]
    [InlineData("rename", "Chief")]
    [InlineData("no name of its own", "boss")]
    [InlineData("delete", null)]
    public async Task A_conditional_read_hides_no_change_of_it(string change, string? name)
    {
        var scim = await fixture.DirectoryAsync();
        var boss = await scim.CreateUserAsync("boss", ",\"displayName\":\"The Boss\"");
        var posted = (await scim.SendAsync("POST", "/Users", With("ada", boss))).Expect(HttpStatusCode.Created);
        var (user, etag) = ($"/Users/{posted.Id}", posted.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync("GET", user, ifNoneMatch: etag)).Status);
        _ = change switch
        {
            "rename" => await scim.PatchAsync($"/Users/{boss}", """{"op":"replace","path":"displayName","value":"Chief"}"""),
            "delete" => await scim.SendAsync("DELETE", $"/Users/{boss}"),
            _ => await scim.SendAsync("PUT", $"/Users/{boss}", """{"userName":"boss"}"""),
        };
        var now = (await scim.SendAsync("GET", user, ifNoneMatch: etag)).Expect(HttpStatusCode.OK);
        Assert.Equal(name, NameIn(now.Body));
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync("GET", user, ifNoneMatch: now.Headers.ETag!.ToString())).Status);
        Assert.Equal(posted.Body!["meta"]!["lastModified"]!.GetValue<string>(), now.Body!["meta"]!["lastModified"]!.GetValue<string>());
        foreach (var found in (Answer[])[await scim.FilterAsync("Users", "userName eq \"ada\""), await scim.FilterAsync("Users", "userName ew \"da\"", "&attributes=meta"),
            await scim.FilterAsync("Users", $"meta.version eq {JsonValue.Create(now.Headers.ETag!.ToString()).ToJsonString()} and userName ew \"da\"")])
            Assert.Equal(now.Headers.ETag!.ToString(), found.Body!["Resources"]![0]!["meta"]!["version"]!.GetValue<string>());
        var written = (await scim.SendAsync("PATCH", user, """{"Operations":[{"op":"add","path":"title","value":"Dr"}]}""", ifMatch: etag)).Expect(HttpStatusCode.OK);
        Assert.Equal(written.Headers.ETag, (await scim.GetAsync(user)).Headers.ETag);
    }

    [Fact]
    public async Task Another_manager_is_shown_by_the_answer_that_sets_it()
    {
        var scim = await fixture.DirectoryAsync();
        var (boss, chief) = (await scim.CreateUserAsync("boss"), await scim.CreateUserAsync("chief"));
        var user = $"/Users/{(await scim.SendAsync("POST", "/Users", With("ada", boss))).Expect(HttpStatusCode.Created).Id}";
        foreach (var (manager, name) in (IEnumerable<(string, string?)>)[(chief.ToString(), "chief"), ("nobody", null), (user["/Users/".Length..], "ada"), ("", null), (boss.ToString(), "boss")])
        {
            var answer = (await scim.PatchAsync(user, $$"""{"op":"replace","path":"{{Enterprise}}:manager","value":"{{manager}}"}""")).Expect(HttpStatusCode.OK);
            Assert.Equal(name, NameIn(answer.Body));
            Assert.Equal(answer.Headers.ETag, (await scim.GetAsync(user)).Headers.ETag);
        }
    }

    private static string? NameIn(JsonNode? user) => user![Enterprise]?["manager"]?["displayName"]?.GetValue<string>();

    private static string With(string userName, object manager, string? displayName = null) => new JsonObject
    {
        ["userName"] = userName,
        [Enterprise] = new JsonObject { ["manager"] = new JsonObject { ["value"] = manager.ToString(), ["displayName"] = displayName } },
    }.ToJsonString();
}
