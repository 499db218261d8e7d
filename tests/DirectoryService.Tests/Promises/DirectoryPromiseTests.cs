using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Promises;

public sealed class DirectoryPromiseTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task P9_A_directory_is_deleted_although_it_has_active_users_and_stops_syncing()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var user = await scim.CreateUserAsync("p9@example.com");
        using var admin = await fixture.AdminAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/directories/{scim.DirectoryId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync($"/api/v1/directories/{scim.DirectoryId}")).StatusCode);
        await Testing.Eventually.TrueAsync("its token is dead", async () =>
            (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":false}""")).Status == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10));

        var kept = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users?directory={scim.DirectoryId}"))!["items"]!.AsArray().Single()!;
        Assert.EndsWith("(deleted)", kept["directoryName"]!.GetValue<string>(), StringComparison.Ordinal);
        var disabled = await admin.PostAsync($"/api/v1/users/{kept["id"]}/disable", null);
        Assert.Equal("disabled", (await disabled.Content.ReadFromJsonAsync<JsonObject>())!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task P9_A_directory_that_single_sign_on_uses_cannot_be_deleted_until_it_is_taken_out()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        using var admin = await fixture.AdminAsync();
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsJsonAsync("/api/v1/user-authentication", new { name = "Corporate SSO", directoryId = scim.DirectoryId })).StatusCode);
        var refused = await admin.DeleteAsync($"/api/v1/directories/{scim.DirectoryId}");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Corporate SSO", (await refused.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        (await scim.GetAsync("/Users?count=0")).Expect(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/user-authentication")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/directories/{scim.DirectoryId}")).StatusCode);
        var gone = await admin.PutAsJsonAsync("/api/v1/user-authentication", new { name = "Corporate SSO", directoryId = scim.DirectoryId });
        Assert.Equal(HttpStatusCode.BadRequest, gone.StatusCode);
    }

    [Fact]
    public async Task The_console_is_told_what_an_action_will_do_given_the_provider()
    {
        var entra = await fixture.DirectoryAsync("EntraId");
        var okta = await fixture.DirectoryAsync("Okta");
        using var admin = await fixture.AdminAsync();
        Assert.Contains("at its next provisioning cycle it revives", await AskAsync(entra, "disable"), StringComparison.Ordinal);
        Assert.Contains("fails until it is enabled here", await AskAsync(okta, "disable"), StringComparison.Ordinal);
        Assert.Contains("unassign it in Okta and assign it again", await AskAsync(okta, "delete"), StringComparison.Ordinal);
        Assert.Contains("loses its license at once", await AskAsync(okta, "delete"), StringComparison.Ordinal);
        Assert.Contains("Only a user that was deleted", await AskAsync(okta, "purge"), StringComparison.Ordinal);

        async Task<string> AskAsync(ScimClient scim, string action)
        {
            var user = await scim.CreateUserAsync($"{Guid.NewGuid():n}@example.com");
            var id = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", user);
            return string.Join(' ', (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users/{id}/consequences?action={action}"))!["consequences"]!.AsArray());
        }
    }
}
