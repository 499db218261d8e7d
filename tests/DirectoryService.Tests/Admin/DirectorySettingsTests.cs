using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Admin;

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
