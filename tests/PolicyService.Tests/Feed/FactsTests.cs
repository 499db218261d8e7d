using System.Diagnostics;
using System.Text;
using Contracts.Events.V1;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using Testing;

namespace PolicyService.Tests.Feed;

/// <summary>Facts through the broker.</summary>
public sealed class FactsTests(PolicySystem system, ITestOutputHelper output)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_user_who_is_no_longer_active_leaves_the_policy()
    {
        system.Directory.Current[account] = null; // what counts here is what the broker brings
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await system.PublishAsync(staff.Is());
        await system.PublishAsync(ada.Is());
        await system.PublishAsync(staff.Members(true, ada));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await Eventually.BecomesAsync("the member", () => client.MembersAsync(policy), members => members is ["ada via Staff"]);

        var watch = Stopwatch.StartNew();
        await system.PublishAsync(ada.Is(UserStatus.Unassigned));
        await Eventually.BecomesAsync("no member", () => client.MembersAsync(policy), members => members is []);
        output.WriteLine($"From publish to out of the policy seen over HTTP: {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task A_directory_is_known_by_its_newest_fact()
    {
        var fact = new DirectoryChanged
        {
            EventId = Guid.NewGuid(), AccountId = account, DirectoryId = Guid.NewGuid(), Version = 2, Name = "Contoso", Provider = "EntraId",
            Deleted = true, Change = Change.Deleted, Actor = Facts.Actor, At = Facts.At,
        };
        await system.PublishAsync(fact);
        await Eventually.TrueAsync("the directory", async () => (await DirectoriesAsync(fact.DirectoryId)) is ["Contoso True"]);
        await system.PublishAsync(fact with { EventId = Guid.NewGuid(), Version = 1, Name = "Before", Deleted = false });
        await system.PublishAsync(fact with { EventId = Guid.NewGuid(), Version = 3, Name = "After" });
        await Eventually.TrueAsync("the newest", async () => (await DirectoriesAsync(fact.DirectoryId)) is ["After True"]);
    }

    [Fact]
    public async Task Of_a_message_only_the_fact_that_is_at_fault_ends_in_the_error_queue_and_it_alone()
    {
        var good = Enumerable.Range(0, 20).Select(_ => Facts.User(version: 1, account)).ToArray();
        var bad = Facts.User(version: 1, account, userName: "no database takes \0 in a text");
        var broker = new ConnectionFactory { Uri = new Uri(TestServers.RabbitMq) };
        await FactTopology.DeclareAsync(broker, CancellationToken.None); // the error queue, as the directory does before its first publish
        await using var connection = await broker.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        await system.PublishAsync([.. good[..10], bad, .. good[10..]]);
        await Eventually.TrueAsync("the others", async () => (await UsersAsync()).SequenceEqual(good.Select(fact => fact.UserId).Order()));
        string? failed = null;
        await Eventually.TrueAsync("the fact in the error queue", async () =>
            (failed ??= await channel.BasicGetAsync(FactQueue.Policy.ErrorName, autoAck: true) is { } message ? Encoding.UTF8.GetString(message.Body.Span) : null) is not null);
        Assert.Contains(bad.UserId.ToString(), failed, StringComparison.Ordinal);
        Assert.All(good, fact => Assert.DoesNotContain(fact.UserId.ToString(), failed, StringComparison.Ordinal));
        Assert.Contains("Contracts.Events.V1:UserChanged", failed, StringComparison.Ordinal);
    }

    private Task<List<Guid>> UsersAsync() =>
        system.RowsAsync("SELECT user_id FROM users WHERE account_id = $1 ORDER BY user_id", row => row.GetGuid(0), account);

    private Task<List<string>> DirectoriesAsync(Guid directory) => system.RowsAsync(
        "SELECT name, deleted FROM directories WHERE directory_id = $1", row => $"{row.GetString(0)} {row.GetBoolean(1)}", directory);
}
