using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Outages;

/// <summary>A request that meets a database that is away is told whether something may have been done, and when to come back.</summary>
public sealed class DatabaseAwayTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Where_no_connection_was_had_nothing_was_changed()
    {
        var own = await fixture.DirectoryAsync();
        await using var replica = await Replica.StartAsync(fixture);
        var scim = replica.Scim(own);
        await scim.CreateUserAsync("ada"); // the token is known
        replica.Database.Sever();
        // Connections at rest in the pool are found to be broken first; these are taken for what may have been sent.
        await Eventually.BecomesAsync("no connection", () => scim.SendAsync("POST", "/Users", """{"userName":"bob"}"""), answer =>
            answer.Refused(503, null).Detail!.Contains("Nothing was changed", StringComparison.Ordinal));
        Assert.NotNull((await scim.SendAsync("POST", "/Users", """{"userName":"bob"}""")).Headers.RetryAfter);
        Assert.DoesNotContain("changed", (await scim.GetAsync("/Users")).Refused(503, null).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_connection_broke_the_request_may_have_been_carried_out()
    {
        var own = await fixture.DirectoryAsync();
        var user = await own.CreateUserAsync("ada");
        var group = await own.CreateGroupAsync("Doors");
        await using var replica = await Replica.StartAsync(fixture);
        var scim = replica.Scim(own);
        foreach (var (table, id, send) in new (string, Guid, Func<Task<Answer>>)[]
        {
            ("users", user, () => scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""")),
            ("groups", group, () => scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}""")),
            ("groups", group, () => scim.SendAsync("DELETE", $"/Groups/{group}")),
        })
        {
            await using var holder = await fixture.Db.OpenConnectionAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand($"SELECT 1 FROM {table} WHERE scim_id = $1 FOR UPDATE", holder, transaction) { Parameters = { new() { Value = id } } })
                await hold.ExecuteScalarAsync();
            var answer = send();
            await Eventually.TrueAsync("the request to wait for the row", async () => await fixture.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY(pg_blocking_pids(pid)))", holder.ProcessID));
            replica.Database.Sever();
            Assert.Contains("may or may not", (await answer).Refused(503, null).Detail, StringComparison.Ordinal);
            Assert.NotNull((await answer).Headers.RetryAfter);
            await transaction.RollbackAsync();
            replica.Database.Listen();
            await Eventually.BecomesAsync("the database to be back", () => scim.GetAsync("/Users?count=0"), reply => reply.Status == HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("GET", "users")]
    [InlineData("GET", "groups")]
    [InlineData("GET", "directories")]
    [InlineData("GET", "alerts")]
    [InlineData("GET", "account")]
    [InlineData("POST", "directories")]
    [InlineData("POST", "groups")]
    [InlineData("POST", "users/00000000-0000-0000-0000-000000000001/disable")]
    public async Task Admins_are_told_the_same(string method, string path)
    {
        await using var replica = await Replica.StartAsync(fixture);
        using var admin = await replica.AdminAsync(fixture);
        await admin.GetAsync(new Uri("/api/v1/account", UriKind.Relative)); // the signing key is known
        replica.Database.Sever();
        await Eventually.BecomesAsync("no connection", async () =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
            if (method == "POST") request.Content = path == "groups" ? JsonContent.Create(new { displayName = "A" }) : JsonContent.Create(new { name = "A", provider = "Okta" });
            using var response = await admin.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.Equal("unavailable", problem["reason"]!.GetValue<string>());
            return problem["detail"]!.GetValue<string>();
        }, detail => detail.Contains(method == "GET" ? "try again" : "Nothing was changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("57P03", true, true)]
    [InlineData("53300", true, true)]
    [InlineData("57P01", true, false)]
    [InlineData("40001", true, false)]
    [InlineData("25006", true, false)]
    [InlineData("58030", true, false)]
    [InlineData("22021", false, false)]
    [InlineData("23505", false, false)]
    [InlineData("42P01", false, false)]
    public void What_passes_is_told_from_what_is_wrong(string state, bool passes, bool noConnection)
    {
        var error = new PostgresException("text", "ERROR", "ERROR", state);
        Assert.Equal((passes, noConnection), (ServiceDefaults.Storage.TransientDatabaseFault.IsTransient(error), ServiceDefaults.Storage.TransientDatabaseFault.HadNoConnection(error)));
    }

    [Fact]
    public async Task A_pool_that_is_exhausted_is_known_to_have_given_no_connection()
    {
        await using var few = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.ConnectionString) { MaxPoolSize = 1, MinPoolSize = 0, Timeout = 1 });
        await using var taken = await few.OpenConnectionAsync();
        var error = await Assert.ThrowsAsync<NpgsqlException>(async () => await few.OpenConnectionAsync());
        Assert.True(ServiceDefaults.Storage.TransientDatabaseFault.IsTransient(error));
        Assert.True(ServiceDefaults.Storage.TransientDatabaseFault.HadNoConnection(error));
    }
}
