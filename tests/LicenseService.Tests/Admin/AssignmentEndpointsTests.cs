using System.Diagnostics;
using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Projections;
using ServiceDefaults.Access;
using Testing;

namespace LicenseService.Tests.Admin;

public sealed class AssignmentEndpointsTests(LicenseSystem system, ITestOutputHelper output)
{
    private readonly Guid account = Guid.NewGuid();

    private async Task<Guid> UserAsync(Func<UserChanged, UserChanged>? change = null)
    {
        var fact = Facts.User(version: 1, account);
        await system.ApplyAsync(change?.Invoke(fact) ?? fact);
        return fact.UserId;
    }

    [Fact]
    public async Task A_seat_is_given_shown_and_taken_back()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await UserAsync();

        var given = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.Created, given.Status);
        Assert.Equal($"/api/v1/licenses/pools/{pool}/assignments/{user}", given.Location);
        Assert.Equal(pool, given.Body.GetProperty("poolId").GetGuid());
        Assert.Equal(user, given.Body.GetProperty("userId").GetGuid());
        Assert.Equal("ada@example.com", given.Body.GetProperty("userName").GetString());
        Assert.Equal("Test key", given.Body.GetProperty("assignedBy").GetProperty("name").GetString());

        var again = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(given.Body.GetRawText(), again.Body.GetRawText());
        Assert.Equal(given.Body.GetRawText(), (await client.GetAsync($"pools/{pool}/assignments/{user}")).Body.GetRawText());
        Assert.Equal(1, await client.UsedAsync(pool));

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(0, await client.UsedAsync(pool));
        Assert.Equal(["granted assigned", "freed unassigned"], await HistoryAsync(user));
    }

    [Fact]
    public async Task The_history_of_a_user_tells_how_its_seats_came_and_went()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var active = Facts.User(version: 1, account);
        await system.ApplyAsync(active);
        await client.PostAsync($"pools/{pool}/assignments/{active.UserId}");
        await system.ApplyAsync(active with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 });

        var items = (await client.GetAsync($"users/{active.UserId}/history")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["freed notActive ZTNA", "granted assigned ZTNA"], items.Select(item =>
            $"{item.GetProperty("kind").GetString()} {item.GetProperty("reason").GetString()} {item.GetProperty("product").GetString()}"));
        Assert.Equal("scimToken", items[0].GetProperty("actor").GetProperty("kind").GetString());
        var older = await client.GetAsync($"users/{active.UserId}/history?limit=1&before={Uri.EscapeDataString(items[0].GetProperty("at").GetString()!)}");
        Assert.Equal("granted", Assert.Single(older.Body.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Empty((await stranger.GetAsync($"users/{active.UserId}/history")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"users/{active.UserId}/history?limit=0")).Status);
    }

    [Fact]
    public async Task Fifty_claims_at_once_for_the_last_ten_seats_give_exactly_ten()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 13);
        for (var i = 0; i < 3; i++) await client.PostAsync($"pools/{pool}/assignments/{await UserAsync()}");
        var users = new List<Guid>();
        for (var i = 0; i < 50; i++) users.Add(await UserAsync());

        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(users.Select(user => client.PostAsync($"pools/{pool}/assignments/{user}")));
        output.WriteLine($"50 parallel claims took {watch.ElapsedMilliseconds} ms");

        Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        var refused = answers.Where(answer => answer.Status == HttpStatusCode.Conflict).ToList();
        Assert.Equal(40, refused.Count);
        Assert.All(refused, answer => Assert.Equal("poolFull", answer.Reason));
        Assert.Equal(13, await client.UsedAsync(pool));
        Assert.Equal(13, (await client.GetAsync($"pools/{pool}/assignments")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Claims_at_once_for_the_same_user_give_one_seat()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 10);
        var user = await UserAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync($"pools/{pool}/assignments/{user}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(1, await client.UsedAsync(pool));
    }

    [Theory]
    [InlineData(UserStatus.Unassigned)]
    [InlineData(UserStatus.Disabled)]
    [InlineData(UserStatus.Deleted)]
    [InlineData(UserStatus.Removed)]
    public async Task A_user_who_is_not_active_gets_no_seat(UserStatus status)
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await UserAsync(fact => fact with { Status = status, Deactivations = 1 });
        var answer = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("notActive", answer.Reason);
        Assert.Null(answer.RetryAfter);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task A_user_without_an_email_address_gets_no_seat(string? email)
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await UserAsync(fact => fact with { Email = email });
        var answer = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("noEmail", answer.Reason);
    }

    [Fact]
    public async Task A_user_whom_the_directory_does_not_have_is_refused_for_good()
    {
        using var client = system.Client(account);
        var answer = await client.PostAsync($"pools/{await client.PoolAsync(seats: 2)}/assignments/{Guid.NewGuid()}");
        Assert.Equal((HttpStatusCode.Conflict, "unknownUser", null), (answer.Status, answer.Reason, answer.RetryAfter));
    }

    [Theory]
    [InlineData(UserStatus.Unassigned, "ada@example.com")]
    [InlineData(UserStatus.Disabled, "ada@example.com")]
    [InlineData(UserStatus.Deleted, "ada@example.com")]
    [InlineData(UserStatus.Active, null)]
    public async Task What_the_directory_has_acknowledged_counts_although_its_fact_has_not_come(UserStatus before, string? email)
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var old = Facts.User(version: 1, account, status: before, email: email);
        await system.ApplyAsync(old);
        system.Directory.Current[account] = [old with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Active, Email = "ada@example.com" }];
        var answer = await client.PostAsync($"pools/{pool}/assignments/{old.UserId}");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Empty(await RefusalsAsync(old.UserId));
    }

    [Fact]
    public async Task A_refusal_of_which_the_directory_cannot_be_asked_is_neither_final_nor_recorded()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await UserAsync(fact => fact with { Status = UserStatus.Disabled, Deactivations = 1 });
        system.Directory.Current[account] = null;
        var answer = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal((HttpStatusCode.Conflict, "notActive", TimeSpan.FromSeconds(5)), (answer.Status, answer.Reason, answer.RetryAfter));
        Assert.Contains("could not be asked", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(await RefusalsAsync(user));
        Assert.False((await client.GetAsync($"users/{user}")).Body.GetProperty("upToDate").GetBoolean());

        system.Directory.Current[account] = [];
        Assert.Null((await client.PostAsync($"pools/{pool}/assignments/{user}")).RetryAfter);
        Assert.Equal(["notActive"], await RefusalsAsync(user));
    }

    [Fact]
    public async Task What_a_user_holds_is_told_as_the_directory_stands()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var fact = Facts.User(version: 1, account);
        await system.ApplyAsync(fact);
        await client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        system.Directory.Current[account] = [fact with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 }];
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"pools/{pool}/assignments/{fact.UserId}")).Status);
        var seen = (await client.GetAsync($"users/{fact.UserId}")).Body;
        Assert.Equal(("unassigned", true), (seen.GetProperty("status").GetString(), seen.GetProperty("upToDate").GetBoolean()));
        Assert.Equal(["granted assigned", "freed notActive"], await HistoryAsync(fact.UserId));
    }

    [Fact]
    public async Task A_user_nobody_has_heard_of_is_refused_after_five_seconds_with_a_hint_to_try_again_while_the_directory_is_away()
    {
        system.Directory.Current[account] = null;
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var watch = Stopwatch.StartNew();
        var answer = await client.PostAsync($"pools/{pool}/assignments/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("unknownUser", answer.Reason);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.RetryAfter);
        Assert.InRange(watch.Elapsed.TotalSeconds, 4.9, 15);
    }

    [Fact]
    public async Task A_user_whose_fact_is_on_its_way_is_waited_for()
    {
        system.Directory.Current[account] = null;
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var fact = Facts.User(version: 1, account);
        var claim = client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        // Whoever does not wait would have answered by now.
        for (var other = 0; other < 5; other++) await client.UsedAsync(pool);
        Assert.False(claim.IsCompleted);
        await system.PublishAsync(fact);
        Assert.Equal(HttpStatusCode.Created, (await claim).Status);
    }

    [Fact]
    public async Task A_fact_that_another_replica_took_is_waited_for_as_well()
    {
        system.Directory.Current[account] = null;
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var fact = Facts.User(version: 1, account);
        var claim = client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        await using var replica = system.BuildReplica();
        await replica.Services.GetRequiredService<FactApplier>().ApplyAsync([fact], CancellationToken.None); // it wakes nobody in this one
        Assert.Equal(HttpStatusCode.Created, (await claim).Status);
    }

    [Fact]
    public async Task Assignments_are_paged_by_user_id()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 10);
        for (var i = 0; i < 5; i++) await client.PostAsync($"pools/{pool}/assignments/{await UserAsync()}");
        var seen = new List<Guid>();
        var path = $"pools/{pool}/assignments?limit=2";
        for (var pages = 1; ; pages++)
        {
            var body = (await client.GetAsync(path)).Body;
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetGuid()));
            if (body.GetProperty("next").GetString() is not { } next)
            {
                Assert.Equal(3, pages);
                break;
            }
            path = $"pools/{pool}/assignments?limit=2&after={next}";
        }
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task Another_account_sees_neither_the_pool_nor_its_assignments_nor_the_user()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 2);
        var user = await UserAsync();
        await owner.PostAsync($"pools/{pool}/assignments/{user}");

        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"pools/{pool}/assignments")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        var own = await stranger.PoolAsync(seats: 2);
        Assert.Equal("unknownUser", (await stranger.PostAsync($"pools/{own}/assignments/{user}")).Reason);
        Assert.Equal(1, await owner.UsedAsync(pool));
    }

    [Fact]
    public async Task An_auditor_may_look_but_not_assign()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 2);
        var user = await UserAsync();
        using var auditor = system.Client(account, AdminRole.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync($"pools/{pool}/assignments")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=many")]
    [InlineData("after=me")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync($"pools/{await client.PoolAsync(seats: 1)}/assignments?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(query.Split('=')[0], answer.Detail, StringComparison.Ordinal);
    }

    private Task<List<string>> RefusalsAsync(Guid user) =>
        system.RowsAsync("SELECT reason FROM refusals WHERE account_id = $1 AND user_id = $2", row => row.GetString(0), account, user);

    private Task<List<string>> HistoryAsync(Guid user) => system.RowsAsync(
        "SELECT kind || ' ' || reason FROM grant_history WHERE account_id = $1 AND user_id = $2 ORDER BY entry",
        row => row.GetString(0), account, user);
}
