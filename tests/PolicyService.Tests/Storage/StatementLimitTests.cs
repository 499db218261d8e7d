using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace PolicyService.Tests.Storage;

/// <summary>A request does not wait for ever for what another transaction holds; facts wait longer, whose row it is.</summary>
public sealed class StatementLimitTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_request_whose_row_is_held_is_answered_503_and_has_done_nothing()
    {
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access");
        await using (await HoldAsync("SELECT 1 FROM policies WHERE account_id = $1 AND policy_id = $2 FOR UPDATE", policy))
        {
            var answer = await client.DeleteAsync($"policies/{policy}").WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (answer.Status, answer.Reason));
            Assert.Contains("Nothing is half done", answer.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"policies/{policy}")).Status);
    }

    [Fact]
    public async Task A_fact_waits_longer_for_its_row_than_a_request_would()
    {
        var ada = new TestUser(account, "ada");
        await system.ApplyAsync(ada.Is());
        Task applied;
        await using (var held = await HoldAsync("SELECT 1 FROM users WHERE account_id = $1 AND user_id = $2 FOR UPDATE", ada.Id))
        {
            applied = system.ApplyAsync(ada.Is(UserStatus.Disabled));
            await Eventually.TrueAsync("the fact to have waited for longer than a request may", async () => (await system.RowsAsync(
                "SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)) AND clock_timestamp() - query_start > interval '7 s'", row => 1, held.ProcessID)) is not []);
        }
        await applied;
        Assert.Equal(["disabled"], await system.RowsAsync("SELECT status FROM users WHERE account_id = $1 AND user_id = $2", row => row.GetString(0), account, ada.Id));
    }

    /// <summary>Until the connection is disposed.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string sql, Guid id)
    {
        var connection = await system.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(sql, connection, transaction) { Parameters = { new() { Value = account }, new() { Value = id } } };
        Assert.Equal(1, await hold.ExecuteScalarAsync());
        return connection;
    }
}
