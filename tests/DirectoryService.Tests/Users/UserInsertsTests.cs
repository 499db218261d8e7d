using System.Net;
using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Users;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Users;

/// <summary>Users that are created at the same time are inserted together, and are each inserted or not by themselves.</summary>
public sealed class UserInsertsTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Creates_of_the_same_time_share_transactions()
    {
        var newUsers = new UserInserts(fixture.Db, fixture.Services.GetRequiredService<OutboxSignal>());
        var scim = await fixture.DirectoryAsync();
        var account = await fixture.ScalarAsync<Guid>("SELECT account_id FROM directories WHERE id = $1", scim.DirectoryId);
        // As many statements as are at work at a time wait for a transaction that has their names; what comes meanwhile is gathered.
        var first = Enumerable.Range(0, UserInserts.AtOnce).Select(i => $"first{i}").ToArray();
        List<Task<UserRow?>> begun = [], gathered;
        await using (var holder = await fixture.Db.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using (var hold = new NpgsqlCommand("""
                INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, user_name_key, document, created_at, modified_at)
                SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), 1, 1, true, name, '{}', now(), now() FROM unnest($3::text[]) name
                """, holder, transaction) { Parameters = { new() { Value = account }, new() { Value = scim.DirectoryId }, new() { Value = first } } })
                await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            for (var n = 0; n < first.Length; n++)
            {
                begun.Add(newUsers.TryInsertAsync(User(account, scim, first[n]), CancellationToken.None));
                await Eventually.TrueAsync($"{n + 1} statements to wait", async () => await fixture.ScalarAsync<long>(
                    "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", holder.ProcessID) == n + 1);
            }
            gathered = [.. Enumerable.Range(0, 100).Select(i => newUsers.TryInsertAsync(User(account, scim, $"user{i}"), CancellationToken.None))];
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }
        Assert.All(await Task.WhenAll([.. begun, .. gathered]), Assert.NotNull);
        // xmin: the transaction that wrote the row.
        Assert.Equal(1, await fixture.ScalarAsync<long>(
            "SELECT count(DISTINCT xmin::text) FROM users WHERE directory_id = $1 AND user_name_key LIKE 'user%'", scim.DirectoryId));
        Assert.Equal(100, await fixture.ScalarAsync<long>("""
            SELECT count(*) FROM events e JOIN users u ON u.id = e.aggregate_id AND u.xmin::text = e.xmin::text
            WHERE u.directory_id = $1 AND u.user_name_key LIKE 'user%'
            """, scim.DirectoryId));
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
        var newUsers = new UserInserts(fixture.Db, fixture.Services.GetRequiredService<OutboxSignal>());
        var scim = await fixture.DirectoryAsync();
        var account = await fixture.ScalarAsync<Guid>("SELECT account_id FROM directories WHERE id = $1", scim.DirectoryId);
        var good = Enumerable.Range(0, 40).Select(i => newUsers.TryInsertAsync(User(account, scim, $"good{i}"), CancellationToken.None)).ToList();
        var bad = newUsers.TryInsertAsync(User(account, scim, "no database takes \0 in a text"), CancellationToken.None);
        var more = Enumerable.Range(40, 40).Select(i => newUsers.TryInsertAsync(User(account, scim, $"good{i}"), CancellationToken.None)).ToList();
        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.All(await Task.WhenAll([.. good, .. more]), Assert.NotNull);
        Assert.Equal(80, await fixture.ScalarAsync<long>("SELECT count(*) FROM users WHERE directory_id = $1", scim.DirectoryId));
    }

    private static NewUser User(Guid account, ScimClient scim, string name)
    {
        var user = UserRow.New(account, scim.DirectoryId, new JsonObject { ["userName"] = name }, active: true, Facts.At);
        return new NewUser(user, UserFacts.Of(user, Change.Created, Facts.Actor, user.CreatedAt), []);
    }
}
