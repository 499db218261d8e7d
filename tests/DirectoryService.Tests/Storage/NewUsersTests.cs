using System.Net;
using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Storage;

/// <summary>Users that are created at the same time are inserted together, and are each inserted or not by themselves.</summary>
public sealed class NewUsersTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Creates_of_the_same_time_share_transactions()
    {
        var scim = await fixture.DirectoryAsync();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => scim.CreateUserAsync($"user{i}")));
        Assert.Equal(300, (await scim.GetAsync("/Users?count=0")).Total);
        // xmin: the transaction that wrote the row.
        Assert.InRange(await fixture.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM users WHERE directory_id = $1", scim.DirectoryId), 1, 299);
        Assert.Equal(300, await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM events e JOIN users u ON u.id = e.aggregate_id AND u.xmin::text = e.xmin::text WHERE u.directory_id = $1", scim.DirectoryId));
    }

    /// <summary>Nobody who follows the directory would ever hear of a user whose event has no row in the outbox.</summary>
    [Fact]
    public async Task Each_of_those_who_share_a_transaction_is_published()
    {
        var scim = await fixture.DirectoryAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => scim.CreateUserAsync($"user{i}")));
        Assert.Equal(100, await fixture.ScalarAsync<long>("SELECT count(*) FROM events WHERE directory_id = $1 AND aggregate = 'user'", scim.DirectoryId));
        await Eventually.TrueAsync("all of them to be published", async () => await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM sealed s JOIN events e ON e.id = s.event_id AND e.at = s.event_at WHERE e.directory_id = $1 AND e.aggregate = 'user'", scim.DirectoryId) == 100);
    }

    [Fact]
    public async Task Each_of_them_is_created_refused_or_brought_back_by_itself()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        await scim.CreateUserAsync("taken");
        var removed = await scim.SendAsync("POST", "/Users", """{"userName":"removed","externalId":"r"}""");
        await scim.SendAsync("DELETE", "/Users/" + removed.Id, null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => scim.SendAsync("POST", "/Users", (i % 10) switch
        {
            3 => """{"userName":"TAKEN"}""",
            7 => """{"userName":"twice"}""",
            _ when i == 50 => """{"userName":"Removed","externalId":"r"}""",
            _ => $$"""{"userName":"user{{i}}","emails":[{"value":"user{{i}}@example.com"}]}""",
        })));
        Assert.All(answers.Where((_, i) => i % 10 == 3), answer => answer.Refused(409, "uniqueness"));
        Assert.Single(answers.Where((_, i) => i % 10 == 7), answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where((_, i) => i % 10 is not (3 or 7)), answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Equal(80 + 1 + 1, (await scim.GetAsync("/Users?count=0")).Total);
        Assert.Equal(1, (await scim.GetAsync("/Users?filter=" + Uri.EscapeDataString("emails eq \"user99@example.com\""))).Total);
    }

    [Fact]
    public async Task One_that_the_database_refuses_fails_alone()
    {
        var newUsers = new NewUsers(fixture.Db, fixture.Services.GetRequiredService<OutboxSignal>());
        var scim = await fixture.DirectoryAsync();
        var account = await fixture.ScalarAsync<Guid>("SELECT account_id FROM directories WHERE id = $1", scim.DirectoryId);
        var good = Enumerable.Range(0, 40).Select(i => newUsers.TryInsertAsync(User($"good{i}"), CancellationToken.None)).ToList();
        var bad = newUsers.TryInsertAsync(User("no database takes \0 in a text"), CancellationToken.None);
        var more = Enumerable.Range(40, 40).Select(i => newUsers.TryInsertAsync(User($"good{i}"), CancellationToken.None)).ToList();
        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.All(await Task.WhenAll([.. good, .. more]), Assert.True);
        Assert.Equal(80, await fixture.ScalarAsync<long>("SELECT count(*) FROM users WHERE directory_id = $1", scim.DirectoryId));

        NewUser User(string name)
        {
            var user = UserRow.New(account, scim.DirectoryId, new JsonObject { ["userName"] = name }, active: true, Facts.At);
            return new NewUser(user, UserFacts.Of(user, Change.Created, Facts.Actor, user.CreatedAt), []);
        }
    }
}
