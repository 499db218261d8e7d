using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DirectoryService.Lifecycle;
using Npgsql;

namespace DirectoryService.Tests.Admin.UsersAndGroups;

/// <summary>
/// In every state that the database lets be, each action does what its consequences told before: it is refused in the same
/// words, changes nothing where they say so, and else changes something.
/// </summary>
public sealed class ConsequencesMatchOutcomeTests(DirectoryFixture fixture)
{
    private const string Nothing = "Nothing changes";

    [Fact]
    public async Task Of_users()
    {
        string[] columns = ["idp_active", "console_disabled", "console_deleted", "released", "removed"];
        foreach (var provider in (string[])["EntraId", "Okta"]) await AgreeAsync("users", columns, await fixture.DirectoryAsync(provider));
    }

    [Fact]
    public async Task Of_groups() => await AgreeAsync("groups", ["console_disabled", "console_deleted", "removed"], await fixture.DirectoryAsync("Okta"));

    [Fact]
    public async Task Of_a_group_whose_name_another_has_by_now()
    {
        using var admin = await fixture.AdminAsync();
        var scim = await fixture.DirectoryAsync();
        var scimId = (await scim.SendAsync("POST", "/Groups", """{"displayName":"Sales","externalId":"one"}""")).Expect(HttpStatusCode.Created).Id;
        var group = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", scimId);
        await admin.PostAsync($"/api/v1/groups/{group}/delete", null);
        (await scim.SendAsync("POST", "/Groups", """{"displayName":"SALES","externalId":"another"}""")).Expect(HttpStatusCode.Created);
        var told = await ToldAsync(admin, "groups", group, "restore");
        using var answer = await admin.PostAsync($"/api/v1/groups/{group}/restore", null);
        Assert.Equal((HttpStatusCode.Conflict, told), (answer.StatusCode, await DetailAsync(answer)));
    }

    private async Task AgreeAsync(string table, string[] columns, ScimClient scim)
    {
        using var admin = await fixture.AdminAsync();
        var tried = 0;
        for (var state = 0; state < 1 << columns.Length; state++)
            foreach (var action in Enum.GetNames<ConsoleAction>().Select(name => name.ToLowerInvariant()))
            {
                var scimId = table == "users" ? await scim.CreateUserAsync($"{Guid.NewGuid():n}@example.com") : await scim.CreateGroupAsync($"{Guid.NewGuid():n}");
                var id = await fixture.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE scim_id = $1", scimId);
                if (!await SetAsync(table, id, columns, state)) continue;
                tried++;
                var told = await ToldAsync(admin, table, id, action);
                using var answer = await admin.PostAsync($"/api/v1/{table}/{id}/{action}", null);
                var where = $"{action} of {string.Join(' ', columns.Where((_, at) => (state >> at & 1) == 1))}: {told}";
                if (answer.StatusCode == HttpStatusCode.Conflict) Assert.Equal(await DetailAsync(answer), told);
                else
                {
                    Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{where} {answer.StatusCode}");
                    var changed = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["changed"]!.GetValue<bool>();
                    Assert.True(changed != told.StartsWith(Nothing, StringComparison.Ordinal), where);
                }
                if (table == "groups" && action is "enable" or "disable" && state >> 1 > 0) Assert.True(answer.StatusCode == HttpStatusCode.Conflict, where);
            }
        Assert.True(tried >= 5 * Enum.GetValues<ConsoleAction>().Length, $"Only {tried} states could be made.");
    }

    /// <summary>False: there can be no such row.</summary>
    private async Task<bool> SetAsync(string table, Guid id, string[] columns, int state)
    {
        await using var db = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await using var command = db.CreateCommand($"UPDATE {table} SET {string.Join(", ", columns.Select((column, at) => $"{column} = {(state >> at & 1) == 1}"))} WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        try
        {
            return await command.ExecuteNonQueryAsync() == 1;
        }
        catch (PostgresException impossible) when (impossible.SqlState == PostgresErrorCodes.CheckViolation)
        {
            return false;
        }
    }

    private static async Task<string> ToldAsync(HttpClient admin, string table, Guid id, string action) =>
        string.Join(' ', (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/{table}/{id}/consequences?action={action}"))!["consequences"]!.AsArray().Select(text => text!.GetValue<string>()));

    private static async Task<string> DetailAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>();
}
