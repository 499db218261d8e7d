using System.Net;
using DirectoryService.Lists;
using DirectoryService.Users;

namespace DirectoryService.Tests.Lists;

/// <summary>Totals and places in a list come from counters: they agree with the rows whatever happened to them.</summary>
public sealed class BucketCountsTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Whatever_shows_or_hides_a_resource_is_counted()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var users = new List<Guid>();
        for (var n = 0; n < 20; n++) users.Add(await scim.CreateUserAsync($"user{n}", $",\"externalId\":\"x{n}\""));
        var groups = new List<Guid>();
        for (var n = 0; n < 6; n++) groups.Add(await scim.CreateGroupAsync($"group{n}"));
        await AgreeAsync(scim, 20, 6);

        foreach (var user in users.Take(5)) (await scim.SendAsync("DELETE", $"/Users/{user}")).Expect(HttpStatusCode.NoContent);
        (await scim.SendAsync("DELETE", $"/Groups/{groups[0]}")).Expect(HttpStatusCode.NoContent);
        await AgreeAsync(scim, 15, 5);

        await scim.CreateUserAsync("user0", ",\"externalId\":\"x0\""); // the same one under another id
        await scim.CreateGroupAsync("group0");
        await AgreeAsync(scim, 16, 6);

        using var admin = await fixture.AdminAsync();
        foreach (var (action, shown) in ((string, int)[])[("delete", 5), ("restore", 6), ("delete", 5), ("purge", 5)])
        {
            var id = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE directory_id = $1 AND display_name_key = 'group1'", scim.DirectoryId);
            using var done = await admin.PostAsync(new Uri($"/api/v1/groups/{id}/{action}", UriKind.Relative), null, TestContext.Current.CancellationToken);
            done.EnsureSuccessStatusCode();
            await AgreeAsync(scim, 16, shown);
        }
    }

    [Fact]
    public async Task Every_place_in_the_list_is_found()
    {
        var scim = await fixture.DirectoryAsync();
        for (var n = 0; n < 40; n++) await scim.CreateUserAsync($"user{n}");
        var source = UserEndpoints.Source(scim.BaseUrl);
        var all = await PageAsync(source, scim, new PageRequest(0, 100));
        for (var offset = 0; offset <= 41; offset++)
        {
            var page = await PageAsync(source, scim, new PageRequest(offset, 3));
            Assert.Equal(40, page.Total);
            Assert.Equal(all.Items.Skip(offset).Take(3).Select(user => user.ScimId), page.Items.Select(user => user.ScimId));
        }
    }

    private Task<Page<UserRow>> PageAsync(ListSource<UserRow> source, ScimClient scim, PageRequest page) => ResourceListQuery.ReadAsync(
        fixture.Db, source, scim.DirectoryId, new ListQuery(null, null, false, page, null), TestContext.Current.CancellationToken);

    private static async Task AgreeAsync(ScimClient scim, int users, int groups)
    {
        foreach (var (resource, expected) in ((string, int)[])[("Users", users), ("Groups", groups)])
        {
            var answer = (await scim.GetAsync($"/{resource}?count=200")).Expect(HttpStatusCode.OK);
            Assert.Equal(expected, answer.Total);
            Assert.Equal(expected, answer.Body!["Resources"]!.AsArray().Count);
        }
    }
}
