using System.Net;
using System.Text.Json;
using Contracts.State.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace PolicyService.Tests.Rebuilding;

public sealed class LagTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task It_tells_what_the_directory_has_not_published_and_how_old_that_is()
    {
        var now = system.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        system.Directory.Backlogs[account] = new Backlog { Events = 12, Oldest = now - TimeSpan.FromSeconds(40), Parked = 2 };
        var lag = await LagAsync();
        Assert.Equal((12, 2, false), (lag.GetProperty("unpublished").GetInt64(), lag.GetProperty("parked").GetInt64(), lag.GetProperty("growing").GetBoolean()));
        Assert.Equal(lag.GetProperty("events").GetInt64(), 12 + lag.GetProperty("queued").GetInt64());
        Assert.True(lag.GetProperty("seconds").GetDouble() >= 40); // other tests have older facts on their way
    }

    [Fact]
    public async Task A_backlog_that_grows_past_a_thousand_is_told_to_grow_until_it_shrinks()
    {
        var seen = new List<bool>();
        foreach (var events in (long[])[10, 500, 2_000, 3_000, 400])
        {
            system.Directory.Backlogs[account] = new Backlog { Events = events, Parked = 0 };
            seen.Add((await LagAsync()).GetProperty("growing").GetBoolean());
        }
        Assert.Equal([false, false, true, true, false], seen);
    }

    /// <summary>Nobody can apply facts of an account while somebody holds its lock, as the end of a rebuild does.</summary>
    [Fact]
    public async Task It_counts_what_waits_in_the_queue_until_it_is_applied()
    {
        await using var session = await system.OpenAsync();
        await using (var hold = new NpgsqlCommand("SELECT pg_advisory_lock(1717658484, hashtext($1))", session) { Parameters = { new() { Value = account.ToString() } } })
            await hold.ExecuteNonQueryAsync();
        var users = Enumerable.Range(0, 800).Select(i => new TestUser(account, $"user{i}")).ToArray();
        await Task.WhenAll(users.Select(user => system.PublishAsync(user.Is())));
        await Eventually.BecomesAsync("facts that wait", LagAsync, lag => lag.GetProperty("queued").GetInt64() > 100 && lag.GetProperty("seconds").GetDouble() > 0);
        await using (var free = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", session)) await free.ExecuteNonQueryAsync();
        await Eventually.BecomesAsync("all users", () => system.RowsAsync("SELECT 1 FROM users WHERE account_id = $1", row => row.GetInt32(0), account), rows => rows.Count == users.Length);
        // Other tests have facts on their way, but not as many.
        await Eventually.BecomesAsync("a shorter queue", LagAsync, lag => lag.GetProperty("queued").GetInt64() < users.Length / 2);
    }

    private async Task<JsonElement> LagAsync()
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync("policies/lag");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body;
    }
}
