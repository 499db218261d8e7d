using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Admin.Directories;

public sealed class DirectorySettingsTests(DirectoryFixture fixture)
{
    [Theory]
    [InlineData("EntraId", "override", false)]
    [InlineData("Okta", "preserve", true)]
    [InlineData("OneLogin", "preserve", false)]
    [InlineData("Dts", "preserve", false)]
    [InlineData("Generic", "preserve", false)]
    public async Task A_provider_presets_the_settings(string provider, string rule, bool lookupReleases)
    {
        var scim = await fixture.DirectoryAsync(provider);
        using var admin = await fixture.AdminAsync();
        var seen = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/directories/{scim.DirectoryId}"))!;
        Assert.Equal((rule, lookupReleases, "refuse"),
            (seen["conflictRule"]!.GetValue<string>(), seen["lookupReleases"]!.GetValue<bool>(), seen["unknownMembers"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Settings_are_changed_one_by_one_and_logged()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        using var admin = await fixture.AdminAsync();
        var path = $"/api/v1/directories/{scim.DirectoryId}";
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync(path, new { conflictRule = "override" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync(path, new { conflictRule = "override" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PatchAsJsonAsync(path, new { conflictRule = "guess" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
        Assert.Equal(
            [(1, "DirectoryChanged", "created"), (2, "DirectoryChanged", "updated"), (3, "DirectoryChanged", "deleted")],
            await fixture.EventsAsync(scim.DirectoryId));
    }

    [Fact]
    public async Task A_directory_is_made_with_the_settings_that_are_sent_and_with_no_others()
    {
        using var admin = await fixture.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/directories",
            new { name = $"Own {Guid.NewGuid():n}", provider = "Okta", conflictRule = "override", lookupReleases = false, unknownMembers = "skip" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var path = made.Headers.Location!.ToString();
        var seen = (await admin.GetFromJsonAsync<JsonObject>(path))!;
        Assert.Equal(("override", false, "skip"), (seen["conflictRule"]!.GetValue<string>(), seen["lookupReleases"]!.GetValue<bool>(), seen["unknownMembers"]!.GetValue<string>()));
        foreach (var (body, says) in ((object, string)[])[
            (new { provider = "EntraId" }, "provider"), (new { colour = "red" }, "colour"), (new { unknownMembers = "drop" }, "unknownMembers")])
        {
            using var refused = await admin.PatchAsJsonAsync(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(says, (await refused.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsJsonAsync("/api/v1/directories", new { name = $"Own {Guid.NewGuid():n}", provider = "Okta", conflictRule = "guess" })).StatusCode);
        Assert.Equal(seen.ToJsonString(), (await admin.GetFromJsonAsync<JsonObject>(path))!.ToJsonString());
    }

    [Fact]
    public async Task The_limits_of_the_alert_are_set_one_by_one_and_null_is_the_default()
    {
        using var admin = await fixture.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/v1/directories",
            new { name = $"Limits {Guid.NewGuid():n}", provider = "Okta", alertLimits = new { users = 50 } });
        var path = made.EnsureSuccessStatusCode().Headers.Location!.ToString();
        await ShowsAsync("""{"users":50,"share":null,"atLeast":null,"defaults":{"users":500,"share":0.2,"atLeast":10}}""");
        await PatchAsync("""{"alertLimits":{"share":0.5,"atLeast":3}}""");
        await ShowsAsync("""{"users":50,"share":0.5,"atLeast":3,"defaults":{"users":500,"share":0.2,"atLeast":10}}""");
        await PatchAsync("""{"alertLimits":{"users":null}}""");
        await PatchAsync("""{"lookupReleases":false}""");
        await ShowsAsync("""{"users":null,"share":0.5,"atLeast":3,"defaults":{"users":500,"share":0.2,"atLeast":10}}""");
        foreach (var (body, says) in ((string, string)[])[
            ("""{"users":0}""", "alertLimits.users"), ("""{"share":1.5}""", "alertLimits.share"), ("""{"share":-0.1}""", "0 to 1"),
            ("""{"atLeast":0}""", "alertLimits.atLeast"), ("""{"minutes":5}""", "minutes"), ("""{"users":"many"}""", "users"), ("""{"users":1.5}""", "users")])
        {
            using var content = new StringContent($$"""{"alertLimits":{{body}}}""", System.Text.Encoding.UTF8, "application/json");
            using var refused = await admin.PatchAsync(path, content);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(says, (await refused.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        using var bad = await admin.PostAsJsonAsync("/api/v1/directories", new { name = $"Limits {Guid.NewGuid():n}", provider = "Okta", alertLimits = new { share = 2 } });
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        await PatchAsync("""{"alertLimits":null}""");
        await ShowsAsync("""{"users":null,"share":null,"atLeast":null,"defaults":{"users":500,"share":0.2,"atLeast":10}}""");

        async Task PatchAsync(string body)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            (await admin.PatchAsync(path, content)).EnsureSuccessStatusCode();
        }

        async Task ShowsAsync(string limits) =>
            Assert.Equal(limits, (await admin.GetFromJsonAsync<JsonObject>(path))!["alertLimits"]!.ToJsonString());
    }

    [Theory]
    [InlineData("users?status=Active", "unassigned")]
    [InlineData("users?status=live", "active")]
    [InlineData("groups?status=bogus", "live")]
    [InlineData("groups?status=active", "live")]
    [InlineData("users?directory=nobody", "manual")]
    [InlineData("users?userNmae=ada", "userName")]
    [InlineData("jobs/{job}/items?outcome=failed", "unchanged")]
    [InlineData("jobs/{job}/items?after=-1", "next")]
    public async Task A_filter_that_means_nothing_is_refused_with_the_words_that_do(string path, string says)
    {
        using var admin = await fixture.AdminAsync();
        using var job = await admin.PostAsJsonAsync("/api/v1/users/bulk", new { action = "enable", ids = new[] { Guid.NewGuid() } });
        var id = (await job.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        using var answer = await admin.GetAsync("/api/v1/" + path.Replace("{job}", id, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(says, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "directories", """{"provider":"Okta","name":"NAME"}""")]
    [InlineData("PATCH", "directories/{directory}", """{"name":"NAME"}""")]
    [InlineData("POST", "api-keys", """{"role":"auditor","name":"NAME"}""")]
    [InlineData("PUT", "user-authentication", """{"directoryId":"{directory}","name":"NAME"}""")]
    [InlineData("POST", "groups", """{"displayName":"NAME"}""")]
    [InlineData("PUT", "groups/{group}", """{"displayName":"NAME"}""")]
    [InlineData("POST", "users", """{"userName":"NAME"}""")]
    [InlineData("POST", "users", """{"userName":"a@example.com","displayName":"NAME"}""")]
    [InlineData("POST", "users", """{"userName":"a@example.com","email":"a@NAME"}""", true)]
    public async Task A_name_that_cannot_be_read_or_stored_is_refused(string method, string path, string body, bool isInside = false)
    {
        using var admin = await fixture.AdminAsync();
        var directory = (await fixture.DirectoryAsync()).DirectoryId.ToString();
        using var made = await admin.PostAsJsonAsync("/api/v1/groups", new { displayName = $"{Guid.NewGuid():n}" });
        var group = (await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        foreach (var name in (string[])[.. isInside ? [] : (string[])["\u200b", " \u00ad\u2060 ", "\u3164", "\ufe0f", "   "], "a\u0000b", "a\ud800", "a\u0007"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + Filled(path))
            {
                Content = new StringContent(Filled(body).Replace("NAME", name, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"),
            };
            using var answer = await admin.SendAsync(request);
            // A display name of spaces only is as if it were left out, for a user.
            if (name == "   " && body.Contains("a@example.com", StringComparison.Ordinal)) continue;
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{name}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        string Filled(string text) => text.Replace("{directory}", directory, StringComparison.Ordinal).Replace("{group}", group, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_may_skip_members_it_does_not_know()
    {
        var scim = await fixture.DirectoryAsync();
        using var admin = await fixture.AdminAsync();
        await admin.PatchAsJsonAsync($"/api/v1/directories/{scim.DirectoryId}", new { unknownMembers = "skip" });
        var user = await scim.CreateUserAsync("ada@example.com");
        var strangers = Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()).ToArray();
        var group = await scim.CreateGroupAsync("Engineering", [user, .. strangers]);
        Assert.Equal([user], await scim.MembersAsync(group));
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", group);
        var timeline = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/groups/{id}/timeline"))!["items"]!.AsArray();
        var skipped = Assert.Single(timeline, entry => entry!["change"]!.GetValue<string>() == "skippedMembers")!["reason"]!.GetValue<string>();
        Assert.EndsWith("and 2 more.", skipped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_are_searched_by_text_in_which_wildcards_mean_themselves()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateUserAsync("ada_l@example.com", ",\"displayName\":\"Ada Lovelace\"");
        await scim.CreateUserAsync("adaxl@example.com");
        using var admin = await fixture.AdminAsync();
        async Task<int> CountAsync(string text) =>
            (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users?directory={scim.DirectoryId}&text={Uri.EscapeDataString(text)}"))!["items"]!.AsArray().Count;
        Assert.Equal((2, 1, 1, 0), (await CountAsync("EXAMPLE"), await CountAsync("ada_l"), await CountAsync("lovelace"), await CountAsync("%x%")));
    }
}
