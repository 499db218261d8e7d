using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace DirectoryService.Tests.Admin.UsersAndGroups;

public sealed class ManualUserAndGroupTests(DirectoryFixture fixture)
{
    private static string Name() => $"{Guid.NewGuid():n}@example.com";

    private static async Task<Guid> IdAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }

    [Fact]
    public async Task A_manual_user_is_made_edited_and_lives_like_any_other()
    {
        using var admin = await fixture.AdminAsync();
        var name = Name();
        var id = await IdAsync(admin.PostAsJsonAsync("/api/v1/users", new { userName = name, email = name }));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync("/api/v1/users", new { userName = name.ToUpperInvariant() })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsJsonAsync("/api/v1/users", new { userName = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PutAsJsonAsync($"/api/v1/users/{id}", new { userName = name, displayName = "Ada" })).StatusCode);
        var seen = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users?directory=manual&userName={name}"))!["items"]!.AsArray().Single()!;
        Assert.Equal(("Ada", "Manual", null), (seen["displayName"]!.GetValue<string>(), seen["directoryName"]!.GetValue<string>(), seen["email"]?.GetValue<string>()));
        await admin.PostAsync($"/api/v1/users/{id}/disable", null);
        Assert.Equal([(1, "UserChanged", "created"), (2, "UserChanged", "updated"), (3, "UserChanged", "disabled")], await fixture.EventsAsync(id));
    }

    [Fact]
    public async Task SCIM_never_adopts_a_manual_user_and_admins_never_edit_a_SCIM_user()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync();
        var name = Name();
        var manual = await IdAsync(admin.PostAsJsonAsync("/api/v1/users", new { userName = name }));
        Assert.Equal(0, (await scim.FilterAsync("Users", $"userName eq \"{name}\"")).Total);
        var pushed = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", await scim.CreateUserAsync(name));
        Assert.NotEqual(manual, pushed);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PutAsJsonAsync($"/api/v1/users/{pushed}", new { userName = name })).StatusCode);
    }

    [Fact]
    public async Task A_user_defined_group_takes_users_of_any_directory_until_they_are_removed()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync();
        var pushedScimId = await scim.CreateUserAsync(Name());
        var pushed = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", pushedScimId);
        var manual = await IdAsync(admin.PostAsJsonAsync("/api/v1/users", new { userName = Name() }));
        var group = await IdAsync(admin.PostAsJsonAsync("/api/v1/groups", new { displayName = Name() }));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { add = new[] { pushed, manual } })).StatusCode);
        Assert.Equal(2L, await MembersAsync(group));
        await scim.SendAsync("DELETE", $"/Users/{pushedScimId}");
        Assert.Equal(1L, await MembersAsync(group));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { remove = new[] { manual } })).StatusCode);
        Assert.Equal(0L, await MembersAsync(group));
        var foreign = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", await scim.CreateGroupAsync("Pushed"));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync($"/api/v1/groups/{foreign}/members", new { add = new[] { manual } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { })).StatusCode);
    }

    [Fact]
    public async Task Members_that_nobody_is_are_named_and_nothing_is_done()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync();
        var scimId = await scim.CreateUserAsync(Name());
        var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", scimId);
        var goneScimId = await scim.CreateUserAsync(Name());
        var gone = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", goneScimId);
        await scim.SendAsync("DELETE", $"/Users/{goneScimId}");
        var group = await IdAsync(admin.PostAsJsonAsync("/api/v1/groups", new { displayName = Name() }));
        foreach (var (body, named) in ((object, Guid)[])[
            (new { add = new[] { user, scimId } }, scimId), (new { add = new[] { gone } }, gone), (new { remove = new[] { scimId } }, scimId),
            (new { add = new[] { user }, remove = new[] { user } }, user)])
        {
            using var answer = await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(named.ToString(), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(0L, await MembersAsync(group));
        // Who is no member, or was removed, is none afterwards.
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { remove = new[] { user, gone } })).StatusCode);
    }

    [Fact]
    public async Task The_members_of_a_group_are_shown_page_by_page()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync();
        var scimIds = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scim.CreateUserAsync(Name())));
        var group = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", await scim.CreateGroupAsync("Engineering", scimIds));
        var seen = new List<Guid>();
        var pages = 0;
        for (var next = ""; ; pages++)
        {
            var page = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/groups/{group}/members?limit=2{next}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["scimId"]!.GetValue<Guid>()));
            if (page["next"]?.GetValue<string>() is not { } last) break;
            next = "&after=" + last;
        }
        Assert.Equal(2, pages);
        Assert.Equal(scimIds.Order(), seen.Order());
        var empty = await IdAsync(admin.PostAsJsonAsync("/api/v1/groups", new { displayName = Name() }));
        Assert.Empty((await admin.GetFromJsonAsync<JsonObject>($"/api/v1/groups/{empty}/members"))!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/v1/groups/{Guid.NewGuid()}/members")).StatusCode);
    }

    [Fact]
    public async Task A_second_user_defined_group_of_a_name_is_refused_in_the_consoles_words()
    {
        using var admin = await fixture.AdminAsync();
        var name = Name();
        await IdAsync(admin.PostAsJsonAsync("/api/v1/groups", new { displayName = name }));
        var other = await IdAsync(admin.PostAsJsonAsync("/api/v1/groups", new { displayName = Name() }));
        foreach (var answer in (HttpResponseMessage[])[
            await admin.PostAsJsonAsync("/api/v1/groups", new { displayName = name.ToUpperInvariant() }), await admin.PutAsJsonAsync($"/api/v1/groups/{other}", new { displayName = name })])
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            var detail = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>();
            Assert.Contains("user-defined group named", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("filter", detail, StringComparison.Ordinal);
        }
    }

    private Task<long> MembersAsync(Guid group) => fixture.ScalarAsync<long>(
        "SELECT count(*) FROM group_members m JOIN groups g ON g.scim_id = m.group_scim_id WHERE g.id = $1", group);

    [Fact]
    public async Task A_bulk_action_is_a_job_with_a_result_for_each_item()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync("EntraId");
        var scimIds = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => scim.CreateUserAsync(Name())));
        var ids = await Task.WhenAll(scimIds.Select(id => fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", id)));
        await admin.PostAsync($"/api/v1/users/{ids[0]}/disable", null);
        await admin.PostAsync($"/api/v1/users/{ids[1]}/delete", null);

        using var accepted = await admin.PostAsJsonAsync("/api/v1/users/bulk", new { action = "disable", ids = ids.Append(Guid.NewGuid()) });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var (job, _) = await Eventually.BecomesAsync("the job to finish",
            async () => (await admin.GetFromJsonAsync<JsonObject>(accepted.Headers.Location!.ToString()))!, seen => seen["finishedAt"] is not null);
        Assert.Equal((121, 121, 2), (job["total"]!.GetValue<int>(), job["done"]!.GetValue<int>(), job["refused"]!.GetValue<int>()));
        var outcomes = (await admin.GetFromJsonAsync<JsonObject>($"{accepted.Headers.Location}/items?limit=200"))!["items"]!.AsArray()
            .GroupBy(item => item!["outcome"]!.GetValue<string>()).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(new Dictionary<string, int> { ["changed"] = 118, ["unchanged"] = 1, ["refused"] = 1, ["unknown"] = 1 }.OrderBy(pair => pair.Key), outcomes.OrderBy(pair => pair.Key));
        Assert.All(await Task.WhenAll(scimIds.Skip(2).Select(id => scim.GetAsync($"/Users/{id}"))), answer => Assert.False(answer.Active));
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsJsonAsync("/api/v1/users/bulk", new { action = "disable", ids = Array.Empty<Guid>() })).StatusCode);
    }
}
