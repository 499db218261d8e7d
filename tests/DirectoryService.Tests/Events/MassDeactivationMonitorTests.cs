using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace DirectoryService.Tests.Events;

/// <summary>The fixture looks every 200 ms; limits are the defaults: more than 20% of a directory, from ten users on.</summary>
public sealed class MassDeactivationMonitorTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Many_deactivations_within_an_hour_are_one_alert_and_few_are_none()
    {
        var many = await fixture.DirectoryAsync("EntraId");
        var few = await fixture.DirectoryAsync("EntraId");
        await LetGoAsync(few, users: 12, letGo: 9);
        await LetGoAsync(many, users: 12, letGo: 11);
        using var admin = await fixture.AdminAsync();
        var (alerts, _) = await Eventually.BecomesAsync("the alert",
            async () => (await admin.GetFromJsonAsync<JsonObject>("/api/v1/alerts"))!["items"]!.AsArray(), items => items.Any(Of(many)));
        var alert = alerts.Single(Of(many))!;
        Assert.Equal((11, 12), (alert["deactivated"]!.GetValue<int>(), alert["users"]!.GetValue<int>()));
        Assert.DoesNotContain(alerts, alert => Of(few)(alert));
        Assert.Equal([(1L, "DirectoryChanged", "created"), (2L, "DirectoryChanged", "alerted")], await fixture.EventsAsync(many.DirectoryId));
    }

    [Fact]
    public async Task Later_facts_of_the_directory_still_carry_the_alert()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        await LetGoAsync(scim, users: 12, letGo: 12);
        await Eventually.TrueAsync("the alert", async () => (await fixture.EventsAsync(scim.DirectoryId)).Count == 2);
        using var admin = await fixture.AdminAsync();
        (await admin.PatchAsJsonAsync($"/api/v1/directories/{scim.DirectoryId}", new { name = $"Renamed {Guid.NewGuid():n}" })).EnsureSuccessStatusCode();
        Assert.Equal(12L, await fixture.ScalarAsync<long>(
            "SELECT (payload->'lastAlert'->>'deactivated')::bigint FROM events WHERE aggregate_id = $1 AND version = 3 AND change = 'updated'", scim.DirectoryId));
    }

    [Fact]
    public async Task Each_directory_has_the_limits_that_its_admin_set()
    {
        using var admin = await fixture.AdminAsync();
        var (eager, calm, usual) = (await fixture.DirectoryAsync("EntraId"), await fixture.DirectoryAsync("EntraId"), await fixture.DirectoryAsync("EntraId"));
        await SetAsync(eager, new { users = 2, atLeast = 1 });
        await SetAsync(calm, new { share = 1.0 });
        await LetGoAsync(eager, users: 20, letGo: 3);
        await LetGoAsync(calm, users: 12, letGo: 12);
        await LetGoAsync(usual, users: 12, letGo: 3);
        await Eventually.TrueAsync("the alert", async () => (await fixture.EventsAsync(eager.DirectoryId)).Count == 3);
        await WatchHasLookedAsync();
        Assert.Equal(2, (await fixture.EventsAsync(calm.DirectoryId)).Count);
        Assert.Single(await fixture.EventsAsync(usual.DirectoryId));
        await SetAsync(calm, new { share = (double?)null });
        await Eventually.TrueAsync("the alert of the default limits", async () => (await fixture.EventsAsync(calm.DirectoryId)).Count == 4);

        async Task SetAsync(ScimClient scim, object limits) =>
            (await admin.PatchAsJsonAsync($"/api/v1/directories/{scim.DirectoryId}", new { alertLimits = limits })).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("admin", 0)]
    [InlineData("apiKey", 0)]
    [InlineData("system", 0)]
    [InlineData("scimToken", 61)]
    [InlineData("scimToken", 600)]
    public async Task What_admins_do_and_what_was_longer_ago_than_an_hour_is_no_alert(string actor, int minutesAgo)
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        await LetGoAsync(scim, users: 12, letGo: 12, actor, minutesAgo);
        await WatchHasLookedAsync();
        Assert.Single(await fixture.EventsAsync(scim.DirectoryId));
    }

    [Fact]
    public async Task Another_alert_is_raised_when_the_last_one_is_an_hour_old_and_not_before()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        await LetGoAsync(scim, users: 12, letGo: 12);
        await Eventually.TrueAsync("the alert", async () => (await fixture.EventsAsync(scim.DirectoryId)).Count == 2);
        await AgeAlertAsync(minutes: 50);
        await WatchHasLookedAsync();
        Assert.Equal(2, (await fixture.EventsAsync(scim.DirectoryId)).Count);
        await AgeAlertAsync(minutes: 61);
        await Eventually.TrueAsync("the second alert", async () => (await fixture.EventsAsync(scim.DirectoryId)).Count == 3);
        Assert.Equal((3L, "DirectoryChanged", "alerted"), (await fixture.EventsAsync(scim.DirectoryId))[^1]);

        Task AgeAlertAsync(int minutes) => fixture.ScalarAsync<Guid>("""
            UPDATE directories SET last_alert = jsonb_set(last_alert, '{at}', to_jsonb(now() - make_interval(mins => $2))) WHERE id = $1 RETURNING id
            """, scim.DirectoryId, minutes);
    }

    /// <summary>A directory that must raise an alert did: that look saw the others' deactivations too.</summary>
    private async Task WatchHasLookedAsync()
    {
        var other = await fixture.DirectoryAsync("EntraId");
        await LetGoAsync(other, users: 12, letGo: 12);
        await Eventually.TrueAsync("a look of the watch", async () => (await fixture.EventsAsync(other.DirectoryId)).Count == 2);
    }

    private static Func<JsonNode?, bool> Of(ScimClient scim) => alert => alert!["directoryId"]!.GetValue<Guid>() == scim.DirectoryId;

    /// <summary>All at once in one statement of the test's, so that the watch sees none or all of them.</summary>
    private async Task LetGoAsync(ScimClient scim, int users, int letGo, string actor = "scimToken", int minutesAgo = 0)
    {
        for (var n = 0; n < users; n++) await scim.CreateUserAsync($"user{n}@example.com");
        await fixture.ScalarAsync<long>("""
            WITH gone AS (
              INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, actor)
              SELECT gen_random_uuid(), now() - make_interval(mins => $4), account_id, directory_id, 'user', id, 2, 'UserChanged', 'deactivated', '{}', jsonb_build_object('kind', $3::text, 'id', 't')
              FROM users WHERE directory_id = $1 LIMIT $2 RETURNING 1)
            SELECT count(*) FROM gone
            """, scim.DirectoryId, letGo, actor, minutesAgo);
    }
}
