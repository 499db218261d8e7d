using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Outages;

/// <summary>A request does not wait for ever for what another transaction holds; background work waits longer.</summary>
public sealed class StatementLimitTests(DirectoryFixture fixture)
{
    /// <summary>The limit, with room for a busy machine; far below the 30 s of background work.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_request_whose_row_is_held_is_answered_503_and_has_done_nothing()
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        var group = await scim.CreateGroupAsync("Doors");
        using var admin = await fixture.AdminAsync();
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", user);
        await using (await HoldAsync("users", user))
        await using (await HoldAsync("groups", group))
        {
            var (patched, removed) = (scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}"""), scim.SendAsync("DELETE", $"/Groups/{group}"));
            var disabled = admin.PostAsync(new Uri($"/api/v1/users/{id}/disable", UriKind.Relative), null);
            foreach (var answer in await Task.WhenAll(patched, removed).WaitAsync(Bound))
            {
                Assert.Contains("Nothing is half done", answer.Refused(503, null).Detail, StringComparison.Ordinal);
                Assert.NotNull(answer.Headers.RetryAfter);
            }
            using var refused = await disabled.WaitAsync(Bound);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("unavailable", (await refused.Content.ReadFromJsonAsync<JsonObject>())!["reason"]!.GetValue<string>());
            (await scim.GetAsync($"/Users/{user}")).Expect(HttpStatusCode.OK); // reading waits for nobody
        }
        Assert.Single(await fixture.EventsAsync(id));
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""")).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("DELETE", $"/Groups/{group}")).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_job_waits_longer_for_its_row_than_a_request_would()
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        using var admin = await fixture.AdminAsync();
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", user);
        JsonObject job;
        await using (var held = await HoldAsync("users", user))
        {
            using var made = await admin.PostAsJsonAsync("/api/v1/users/bulk", new { action = "disable", ids = new[] { id } });
            job = (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
            await Eventually.TrueAsync("the job to have waited for longer than a request may", async () => await fixture.ScalarAsync<bool>("""
                SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)) AND clock_timestamp() - query_start > interval '7 s')
                """, held.Process));
        }
        await Eventually.BecomesAsync("the job to be done", async () => (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{job["id"]}/items"))!["items"]!.AsArray(),
            items => items.Single()!["outcome"]?.GetValue<string>() == "changed");
    }

    private async Task<Held> HoldAsync(string table, Guid scimId)
    {
        var connection = await fixture.Db.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"SELECT 1 FROM {table} WHERE scim_id = $1 FOR UPDATE", connection, transaction) { Parameters = { new() { Value = scimId } } };
        await hold.ExecuteScalarAsync();
        return new Held(connection);
    }

    /// <summary>Its transaction ends with its connection.</summary>
    private sealed class Held(NpgsqlConnection connection) : IAsyncDisposable
    {
        internal int Process => connection.ProcessID;

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
