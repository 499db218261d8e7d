using System.Net;
using Bench.Loading;
using Npgsql;

namespace DirectoryService.Tests.Bench;

public sealed class PopulationTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Loaded_users_are_read_filtered_and_counted_through_SCIM_as_if_they_had_been_created()
    {
        var client = await fixture.DirectoryAsync();
        await using var database = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        var population = new GeneratedUsers(database, client.DirectoryId);
        await population.AddUsersAsync(1, 250, TestContext.Current.CancellationToken);
        await population.SettleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(250, (await client.GetAsync("/Users?count=1")).Expect(HttpStatusCode.OK).Total);
        foreach (var filter in new[]
        {
            $"userName eq \"{GeneratedUsers.UserName(7)}\"", $"externalId eq \"{GeneratedUsers.ExternalId(7)}\"", "displayName eq \"person 0000007\"",
            $"emails[type eq \"work\"].value eq \"{GeneratedUsers.UserName(7)}\"",
        })
        {
            var found = (await client.FilterAsync("Users", filter)).Expect(HttpStatusCode.OK);
            Assert.True(found.Total == 1, $"{filter} finds {found.Total}");
            var id = found.Body!["Resources"]![0]!["id"]!.GetValue<string>();
            Assert.Equal(GeneratedUsers.UserName(7), (await client.GetAsync($"/Users/{id}")).Expect(HttpStatusCode.OK).Body!["userName"]!.GetValue<string>());
        }
        (await client.SendAsync("POST", "/Users", $$"""{"userName":"{{GeneratedUsers.UserName(7).ToUpperInvariant()}}"}""")).Refused(409, "uniqueness");
    }

    [Fact]
    public async Task A_loaded_group_takes_and_loses_one_member_as_any_other()
    {
        var client = await fixture.DirectoryAsync();
        await using var database = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        var population = new GeneratedUsers(database, client.DirectoryId);
        await population.AddUsersAsync(1, 20, TestContext.Current.CancellationToken);
        var group = await population.AddGroupAsync("Loaded", 19, TestContext.Current.CancellationToken);
        Assert.Equal(19, (await client.MembersAsync(group)).Count);

        var stranger = await client.CreateUserAsync("stranger@bench.example");
        (await client.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{stranger}}"}]}""")).Expect(HttpStatusCode.NoContent);
        Assert.Contains(stranger, await client.MembersAsync(group));
        (await client.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{stranger}}\"]"}""")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(19, (await client.MembersAsync(group)).Count);
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_not_loaded()
    {
        await using var database = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new GeneratedUsers(database, Guid.NewGuid()).AddUsersAsync(1, 2, TestContext.Current.CancellationToken));
    }
}
