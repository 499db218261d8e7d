using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>Compares everything that can be seen of a directory with the model: SCIM, the console's API, the database.</summary>
internal sealed class WalkChecks(RandomWalkRunner walker, ModelUsers users, ModelGroups groups)
{
    internal async Task ScimAgreesAsync()
    {
        var shownUsers = await ListAsync("/Users?count=200");
        Assert.Equal(users.Shown.Select(user => $"{user.ScimId} {user.UserName} {user.ExternalId} {user.DisplayName} {user.Active}").Order(),
            shownUsers.Select(user => $"{Text(user, "id")} {Text(user, "userName")} {Text(user, "externalId")} {Text(user, "displayName")} {user["active"]!.GetValue<bool>()}").Order());
        var shownGroups = await ListAsync("/Groups?count=200");
        Assert.Equal(groups.Shown.Select(group => $"{group.ScimId} {group.Name} {group.ExternalId} {Joined(group.Members.Select(user => user.ScimId))}").Order(),
            shownGroups.Select(group => $"{Text(group, "id")} {Text(group, "displayName")} {Text(group, "externalId")} {Joined(Members(group))}").Order());
    }

    internal async Task ConsoleAgreesAsync()
    {
        Assert.Equal(users.All.Select(user => $"{user.Id} {user.ScimId} {user.Status}").Order(), await ConsoleAsync("users"));
        Assert.Equal(groups.All.Select(group => $"{group.Id} {group.ScimId} {group.Status}").Order(), await ConsoleAsync("groups"));
    }

    internal async Task DatabaseAgreesAsync()
    {
        var userRows = await RowsAsync("""
            SELECT concat_ws(' ', id, user_name_key, idp_active, console_disabled, console_deleted, released, removed, deactivations) FROM users WHERE directory_id = $1
            """);
        Assert.Equal(users.All.Select(user => string.Join(' ', user.Id, user.UserName.ToLowerInvariant(),
            Bool(user.IdpActive), Bool(user.Disabled), Bool(user.Deleted), Bool(user.Released), Bool(user.Gone), user.Deactivations)).Order(), userRows);
        var groupRows = await RowsAsync("SELECT concat_ws(' ', id, console_disabled, console_deleted, removed) FROM groups WHERE directory_id = $1");
        Assert.Equal(groups.All.Select(group => string.Join(' ', group.Id, Bool(group.Disabled), Bool(group.Deleted), Bool(group.Gone))).Order(), groupRows);
    }

    private async Task<IEnumerable<JsonObject>> ListAsync(string path)
    {
        var answer = (await walker.Scim.GetAsync(path)).Expect(System.Net.HttpStatusCode.OK);
        return (answer.Body!["Resources"] as JsonArray ?? []).Select(item => item!.AsObject());
    }

    private async Task<IEnumerable<string>> ConsoleAsync(string type)
    {
        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await walker.Admin.GetFromJsonAsync<JsonObject>($"/api/v1/{type}?directory={walker.Scim.DirectoryId}&limit=200{after}"))!["items"]!.AsArray();
            seen.AddRange(page.Select(item => $"{item!["id"]} {item["scimId"]} {item["status"]}"));
            if (page.Count < 200) return seen.Order();
            after = $"&after={page[^1]!["id"]}";
        }
    }

    internal async Task<IReadOnlyList<string>> RowsAsync(string sql)
    {
        await using var command = walker.Fixture.Db.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = walker.Scim.DirectoryId });
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return [.. rows.Order()];
    }

    private static IEnumerable<Guid> Members(JsonObject group) =>
        (group["members"] as JsonArray ?? []).Select(member => Guid.Parse(member!["value"]!.GetValue<string>()));

    private static string Joined(IEnumerable<Guid> ids) => string.Join(',', ids.Order());
    private static string Bool(bool value) => value ? "t" : "f";
    private static string? Text(JsonObject resource, string name) => resource[name]?.GetValue<string>();
}
