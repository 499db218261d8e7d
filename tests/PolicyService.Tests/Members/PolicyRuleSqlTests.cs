using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyService.Members;
using PolicyService.Tests.Policies;
using Testing;

namespace PolicyService.Tests.Members;

/// <summary>The cases of the pure rule through everything that says it in SQL: evaluation, members, a user's policies, and differences.</summary>
public sealed class PolicyRuleSqlTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();
    private readonly Guid directory = Guid.NewGuid();

    [Theory]
    [MemberData(nameof(RuleCase.Lines), MemberType = typeof(RuleCase))]
    public async Task What_is_asked_of_the_service_is_what_the_rule_says(string line)
    {
        var test = RuleCase.Parse(line);
        var ada = new TestUser(account, "ada", directory);
        var groups = new Dictionary<string, TestGroup> { ["staff"] = new(account, "staff"), ["sales"] = new(account, "sales") };
        await system.ApplyAsync([Facts.Directory(1, account, directory), ada.Is(), .. groups.Values.Select(group => group.Is())]);
        using var client = system.Client(account);
        var policy = await client.PolicyAsync(Body(test, ada, groups));
        foreach (var (word, status) in test.Groups)
        {
            var group = groups[word.Split('-') is [_, var older] && word.StartsWith("older", StringComparison.Ordinal) ? older : word.Split('-')[0]];
            await system.ApplyAsync(group.Members(true, ada));
            if (word.StartsWith("older-", StringComparison.Ordinal)) await system.ApplyAsync(group.ComesBack());
            await system.ApplyAsync(group.Is(status));
        }
        if (test.Sources.Concat(test.Exclusions).Contains("older-user") || test.Groups.Keys.Any(word => word.EndsWith("-of-older", StringComparison.Ordinal)))
            await system.ApplyAsync(ada.ComesBack());
        await system.ApplyAsync(ada.Is(test.User));

        var evaluated = (await client.PostAsync("policies/evaluate", new { userId = ada.Id })).Body.GetProperty("policies").EnumerateArray().Single();
        var obstacles = string.Join(", ", evaluated.GetProperty("obstacles").EnumerateArray().Select(each => each.GetString()));
        var applies = evaluated.GetProperty("applies").GetBoolean();
        Assert.Equal(test.Expected, applies ? Reasons(evaluated) : obstacles);
        Assert.Equal(obstacles.Contains("excluded", StringComparison.Ordinal), evaluated.GetProperty("excludedBy").ValueKind == JsonValueKind.Object);

        var members = await client.MemberItemsAsync(policy);
        var policies = (await client.GetAsync($"users/{ada.Id}/policies")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(applies ? [test.Expected] : [], members.Select(Reasons));
        Assert.Equal(applies ? [test.Expected] : [], policies.Select(Reasons));
        await using var connection = await system.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var standings = await HypotheticalState.Unchanged.CompareAsync(connection, account, [ada.Id], onlyChanged: false, CancellationToken.None);
        Assert.Equal(applies ? [new MembershipComparison(ada.Id, policy, true, true)] : [], standings);
    }

    private object Body(RuleCase test, TestUser ada, Dictionary<string, TestGroup> groups)
    {
        Guid[] Named(IEnumerable<string> words, string of) => [.. words.Where(word => word == of || word == "older-" + of).Select(_ => of switch { "user" => ada.Id, "directory" => directory, _ => groups[of].Id })];
        return new
        {
            name = "Access", enabled = test.Enabled, everyone = test.Sources.Contains("everyone"),
            groupIds = (Guid[])[.. Named(test.Sources, "staff"), .. Named(test.Sources, "sales")], userIds = Named(test.Sources, "user"), directoryIds = Named(test.Sources, "directory"),
            excludedGroupIds = (Guid[])[.. Named(test.Exclusions, "staff"), .. Named(test.Exclusions, "sales")],
            excludedUserIds = Named(test.Exclusions, "user"), excludedDirectoryIds = Named(test.Exclusions, "directory"),
        };
    }

    private static string Reasons(JsonElement item)
    {
        var via = item.GetProperty("viaGroups").EnumerateArray()
            .Where(group => !group.TryGetProperty("status", out var status) || status.GetString() == "live")
            .Select(group => group.GetProperty("displayName").GetString()).ToList();
        string?[] reasons =
        [
            via is [] ? null : "via " + string.Join(", ", via), item.GetProperty("direct").GetBoolean() ? "direct" : null,
            item.GetProperty("viaDirectory").ValueKind == JsonValueKind.Object ? "directory" : null, item.GetProperty("everyone").GetBoolean() ? "everyone" : null,
        ];
        return string.Join(", ", reasons.Where(reason => reason is not null));
    }
}
