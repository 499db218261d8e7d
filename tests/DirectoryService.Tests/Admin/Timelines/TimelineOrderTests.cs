using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DirectoryService.Admin.Timelines;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Admin.Timelines;

public sealed class TimelineOrderTests(DirectoryFixture fixture)
{
    [Fact]
    public void Versions_stand_in_their_order_and_remarks_by_their_time()
    {
        TimelineEntry[] entries =
        [
            Entry(3, second: 2), Entry(1, second: 1), Entry(null, second: 4), Entry(2, second: 3), Entry(4, second: 6), Entry(5, second: 6), Entry(null, second: 5),
        ];
        foreach (var shuffled in (IEnumerable<TimelineEntry[]>)[entries, [.. entries.Reverse()]])
        {
            var ordered = TimelineOrder.NewestFirst(shuffled);
            Assert.Equal([5, 4, 3, 2, 1], ordered.Where(entry => entry.Version is not null).Select(entry => entry.Version!.Value));
            Assert.Equal(["v5", "v4", "at 5", "at 4", "v3", "v2", "v1"], ordered.Select(entry => entry.Note));
            Assert.Equal(ordered.Count, ordered.Select(entry => entry.At).Distinct().Count());
            Assert.Equal(ordered.OrderByDescending(entry => entry.At), ordered);
        }
    }

    /// <summary>What waited for the row's lock has a later version and an earlier time.</summary>
    [Fact]
    public async Task A_timeline_is_in_the_order_of_versions_page_by_page()
    {
        var scim = await fixture.DirectoryAsync();
        var scimId = await scim.CreateUserAsync("ada");
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", scimId);
        for (var version = 2; version <= 41; version++)
        {
            await using var command = fixture.Db.CreateCommand("""
                INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, actor)
                SELECT gen_random_uuid(), at + make_interval(secs => $2), account_id, directory_id, aggregate, aggregate_id, $3, type, 'updated', payload, actor
                FROM events WHERE aggregate_id = $1 AND version = 1
                """);
            command.Parameters.Add(new NpgsqlParameter { Value = id });
            command.Parameters.Add(new NpgsqlParameter { Value = (double)((version % 4 == 0) ? version - 3 : version) });
            command.Parameters.Add(new NpgsqlParameter { Value = (long)version });
            await command.ExecuteNonQueryAsync();
        }
        using var admin = await fixture.AdminAsync();
        var seen = new List<long>();
        string? before = null;
        while (true)
        {
            var page = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users/{id}/timeline?limit=7{before}"))!["items"]!.AsArray();
            if (page.Count == 0) break;
            seen.AddRange(page.Select(item => item!["version"]!.GetValue<long>()));
            before = "&before=" + Uri.EscapeDataString(page[^1]!["at"]!.GetValue<string>());
        }
        Assert.Equal(Enumerable.Range(1, 41).Select(version => (long)version).Reverse(), seen);
    }

    private static TimelineEntry Entry(long? version, int second) => new(
        Facts.At.AddSeconds(second), "directory", version is null ? "refused" : "updated", version, Note: version is null ? $"at {second}" : $"v{version}");
}
