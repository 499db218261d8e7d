using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyService.Members;
using Testing;

namespace PolicyService.Tests.Storage;

/// <summary>What is read by index, at a size where reading everything would be felt: 100,000 users, a group of 50,000.</summary>
public sealed class QueryPlanTests(PolicySystem system, ITestOutputHelper output)
{
    private const int Users = 100_000;
    private static readonly Guid[] Nobody = [];
    private static readonly bool[] None = [];
    private static readonly object[] Nothing = [Nobody, Nobody, Nobody, None, Nobody, Nobody, Nobody, None, Nobody, Nobody, None, Nobody];
    private readonly Guid account = Guid.NewGuid();
    private readonly Guid directory = Guid.NewGuid();

    [Fact]
    public async Task No_page_evaluation_difference_or_preview_reads_a_whole_table()
    {
        await system.ApplyAsync(Facts.Directory(1, account, directory));
        var group = await LoadAsync();
        var user = await system.RowsAsync("SELECT user_id FROM users WHERE account_id = $1 ORDER BY user_id OFFSET 1000 LIMIT 1", row => row.GetGuid(0), account);
        using var client = system.Client(account);
        var everyone = await client.PolicyAsync(new { name = "Everyone", groupIds = Nobody, everyone = true, excludedGroupIds = new[] { group } });
        var ofDirectory = await client.PolicyAsync(new { name = "Directory", groupIds = Nobody, directoryIds = new[] { directory }, excludedUserIds = user });
        var ofGroup = await client.PolicyAsync("Group", group);
        await AssertBatchAsync(group); // a first sync fills tables faster than anybody gathers statistics
        await system.RowsAsync("ANALYZE", row => 0);

        foreach (var policy in (Guid[])[everyone, ofDirectory, ofGroup])
            await AssertByIndexAsync(PolicyMembers.PageSql, account, policy, user[0], 101, 101);
        await AssertByIndexAsync(PolicyEvaluator.CoveringSql, account, user[0]);
        await AssertByIndexAsync(PreviewQuery.MembersSql, account, group, Guid.Empty, PreviewQuery.MostUsers);
        await AssertByIndexAsync(PreviewQuery.UsersOfDirectorySql, account, directory, Guid.Empty, PreviewQuery.MostUsers);
        await AssertByIndexAsync(HypotheticalState.ChangedSql, [account, user.ToArray(), .. Nothing]);
        await AssertBatchAsync(group);

        Assert.Equal(100, (await client.GetAsync($"policies/{everyone}/members?limit=100")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(100, (await client.GetAsync($"policies/{ofDirectory}/members?limit=100")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(100, (await client.GetAsync($"policies/{ofGroup}/members?limit=100")).Body.GetProperty("items").GetArrayLength());
    }

    /// <summary>A thousand edges that came at once: each user is looked at, and none of them a thousand times.</summary>
    private async Task AssertBatchAsync(Guid group)
    {
        var members = await system.RowsAsync(
            "SELECT user_id, user_scim_id FROM edges WHERE account_id = $1 AND group_scim_id = $2 ORDER BY user_id LIMIT 1000",
            row => (User: row.GetGuid(0), ScimId: row.GetGuid(1)), account, group);
        Guid[] groups = [.. members.Select(_ => group)];
        await AssertByIndexAsync(HypotheticalState.ChangedSql, [
            account, members.Select(member => member.User).ToArray(), Nobody, Nobody, Nobody, None,
            groups, groups, members.Select(member => member.ScimId).ToArray(), members.Select(_ => false).ToArray(), Nobody, Nobody, None, members.Select(member => member.User).ToArray()]);
    }

    /// <summary>
    /// Every second user in the directory, every second in the group, all in one of 5,000 small groups, which 100 policies name
    /// or exclude; every tenth not active.
    /// </summary>
    private async Task<Guid> LoadAsync()
    {
        var group = Guid.NewGuid();
        foreach (var sql in (string[])
        [
            $"""
            INSERT INTO users (account_id, user_id, directory_id, scim_id, status, deactivations, has_email, user_name, display_name, version)
            SELECT $1, md5($2::text || n)::uuid, CASE WHEN n % 2 = 0 THEN $2 END, md5($3::text || n)::uuid, CASE WHEN n % 10 = 0 THEN 'disabled' ELSE 'active' END, 0, true, 'user' || n, NULL, 1
            FROM generate_series(1, {Users}) n
            """,
            """
            INSERT INTO groups (account_id, group_id, scim_id, status, display_name, version)
            SELECT $1, CASE WHEN n = 0 THEN $3 ELSE md5($3::text || n)::uuid END, CASE WHEN n = 0 THEN $3 ELSE md5($3::text || n)::uuid END, 'live', 'group' || n, 1
            FROM generate_series(0, 5000) n WHERE $2::uuid IS NOT NULL
            """,
            $"""
            INSERT INTO edges (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
            SELECT $1, g, md5($3::text || n)::uuid, g, md5($2::text || n)::uuid, true, 1
            FROM generate_series(1, {Users}) n CROSS JOIN LATERAL (VALUES ($3), (md5($3::text || (n % 5000 + 1))::uuid)) AS of (g) WHERE g <> $3 OR n % 2 = 0
            """,
            """
            INSERT INTO policies (account_id, policy_id, name, name_key, kind, action, enabled, position, everyone, created_at, updated_at)
            SELECT $1, md5($2::text || n)::uuid, 'policy' || n, 'policy' || n, 'access', 'allow', true, n, false, now(), now()
            FROM generate_series(1, 100) n WHERE $3::uuid IS NOT NULL
            """,
            """
            INSERT INTO policy_terms (account_id, policy_id, subject, subject_id, excluded)
            SELECT $1, md5($2::text || (n % 100 + 1))::uuid, 'group', md5($3::text || n)::uuid, n % 7 = 0 FROM generate_series(1, 5000) n
            """,
        ])
            await system.RowsAsync(sql, row => 0, account, directory, group);
        return group;
    }

    private async Task AssertByIndexAsync(string sql, params object[] values)
    {
        await using var command = system.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("EXPLAIN (ANALYZE, BUFFERS) " + sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        output.WriteLine(string.Join('\n', lines));
        Assert.DoesNotContain(lines, line => new[] { "users", "edges", "groups", "policy_terms" }.Any(table => line.Contains("Seq Scan on " + table, StringComparison.Ordinal)));
        // Nor an index from end to end, be it in many small steps.
        Assert.DoesNotContain(lines, line => Rows(line) > 15_000);
    }

    /// <summary>Rows that a step of the plan really gave, in all its rounds.</summary>
    private static double Rows(string line) => line.Split(" rows=") is [.., var actual] && actual.Split(" loops=") is [var rows, var loops]
        ? double.Parse(rows, CultureInfo.InvariantCulture) * double.Parse(loops.TrimEnd(')'), CultureInfo.InvariantCulture)
        : 0;
}
