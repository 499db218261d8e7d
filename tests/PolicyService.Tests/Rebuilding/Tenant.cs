using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using PolicyService.Tests.Storage;
using Testing;

namespace PolicyService.Tests.Rebuilding;

/// <summary>An account whose directory is what the facts so far made of it, and its projections.</summary>
internal sealed class Tenant : IDisposable
{
    private readonly PolicySystem system;
    private readonly List<IFact> told = [];

    internal Tenant(PolicySystem system)
    {
        this.system = system;
        Client = system.Client(Account);
        system.Directory.States[Account] = () => new ExpectedProjections(told).State().ToAsyncEnumerable();
    }

    internal Guid Account { get; } = Guid.NewGuid();

    internal PolicyClient Client { get; }

    /// <summary>Happened in the directory.</summary>
    internal void Happened(params IFact[] facts) => told.AddRange(facts);

    /// <summary>Happened in the directory, and has come here.</summary>
    internal Task ArrivedAsync(params IFact[] facts)
    {
        Happened(facts);
        return system.ApplyAsync(facts);
    }

    /// <summary>The feed is read up to its half, which is told; then it waits for the end of the other task.</summary>
    internal Task FeedWaitsFor(Task gate)
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Directory.States[Account] = () => Halves([.. new ExpectedProjections(told).State()]);
        return half.Task;

        async IAsyncEnumerable<IFact> Halves(IFact[] state)
        {
            foreach (var fact in state[..(state.Length / 2)]) yield return fact;
            half.SetResult();
            await gate;
            foreach (var fact in state[(state.Length / 2)..]) yield return fact;
        }
    }

    internal async Task<JsonElement> RebuildAsync()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await Client.PostAsync("policies/rebuild", new { })).Status);
        return await EndAsync();
    }

    internal async Task<JsonElement> EndAsync() => (await Eventually.BecomesAsync(
        "the end of the rebuild", async () => (await Client.GetAsync("policies/rebuild")).Body,
        rebuild => rebuild.GetProperty("state").GetString() != "running", TimeSpan.FromSeconds(60))).Value;

    internal ExpectedProjections Fold() => new(told);

    internal Task<IReadOnlyList<string>> RowsAsync() => TableRows.ReadAsync(system, Account);

    internal Task<List<string>> ShadowsAsync() => system.RowsAsync(
        """
        SELECT user_id::text FROM shadow_users WHERE account_id = $1 UNION ALL SELECT group_id::text FROM shadow_groups WHERE account_id = $1
        UNION ALL SELECT user_id::text FROM shadow_edges WHERE account_id = $1
        """, row => row.GetString(0), Account);

    /// <summary>Users and groups as the facts left them, and the same memberships in effect.</summary>
    internal async Task AssertInEffectAsync()
    {
        var fold = Fold();
        Assert.Equal(States(fold.Rows()), States(await RowsAsync()));
        var effective = await system.RowsAsync(
            """
            SELECT u.user_id, g.group_id FROM edges e
            JOIN users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id AND u.status = 'active'
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status = 'live'
            WHERE e.account_id = $1 AND e.present
            """, row => $"{row.GetGuid(0)} {row.GetGuid(1)}", Account);
        Assert.Equal(fold.Effective().Order(StringComparer.Ordinal), effective.Order(StringComparer.Ordinal));

        // A group's version here is that of the last fact about it, or the directory's when it was read, which counts members too.
        static List<string> States(IEnumerable<string> rows) =>
            [.. rows.Where(row => !row.StartsWith("edge", StringComparison.Ordinal))
                .Select(row => row.StartsWith("group", StringComparison.Ordinal) ? row[..row.LastIndexOf(' ')] : row).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => Client.Dispose();
}
