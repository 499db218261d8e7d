using System.Net;
using Contracts.Events.V1;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyService.Tests.Storage;
using ServiceDefaults.Projections;
using Testing;

namespace PolicyService.Tests.Rebuilding;

/// <summary>What happens while a rebuild runs: facts, reads, another replica, an end.</summary>
public sealed class RebuildMeanwhileTests(PolicySystem system)
{
    [Fact]
    public void Facts_before_during_and_after_a_rebuild_end_in_what_the_fold_gives() =>
        Prop.ForAll(History.OfLength(5, 40), history => RebuiltMeanwhileAsync(history))
            .Holds(12);

    /// <summary>
    /// Facts arrive in any order, in batches, at this replica or another: some before the rebuild, some while its feed is
    /// half read, some after. The directory is read at some moment of the history; it knows what came here before.
    /// </summary>
    private async Task RebuiltMeanwhileAsync(History history)
    {
        using var tenant = new Tenant(system);
        var random = new Random(history.Seed);
        var facts = history.Tell(tenant.Account);
        var read = random.Next(facts.Count + 1);
        var (early, rest) = Split(history.Deliver([.. facts.Take(read)]));
        IFact[] late = [.. rest, .. history.Deliver([.. facts.Skip(read)])];
        random.Shuffle(late);
        var (meanwhile, after) = Split(late);
        await ApplyAsync(early);

        tenant.Happened([.. facts.Take(read)]);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = tenant.FeedWaitsFor(gate.Task);
        Assert.Equal(HttpStatusCode.Accepted, (await tenant.Client.PostAsync("policies/rebuild", new { })).Status);
        await half;
        await ApplyAsync(meanwhile);
        gate.SetResult();
        var end = tenant.EndAsync();
        await ApplyAsync(after);
        Assert.Equal("done", (await end).GetProperty("state").GetString());

        tenant.Happened([.. facts.Skip(read)]);
        await tenant.AssertInEffectAsync();

        (IFact[], IFact[]) Split(IFact[] all)
        {
            var at = random.Next(all.Length + 1);
            return (all[..at], all[at..]);
        }

        async Task ApplyAsync(IFact[] some)
        {
            foreach (var batch in some.Chunk(random.Next(1, 6)))
                await (random.Next(2) == 0 ? system.Services : system.Replica).GetRequiredService<FactApplier>().ApplyAsync(batch, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Reads_are_served_and_no_second_one_begins_on_any_replica()
    {
        using var tenant = new Tenant(system);
        var (policy, gate, ada) = await HalfwayAsync(tenant);
        Assert.Equal(["ada via Staff"], await tenant.Client.MembersAsync(policy));
        Assert.Equal("alreadyRunning", (await tenant.Client.PostAsync("policies/rebuild", new { })).Reason);
        var replica = system.BuildReplica();
        await replica.StartAsync();
        using (var there = system.Client(tenant.Account, at: replica.Urls.Single()))
        {
            Assert.Equal("alreadyRunning", (await there.PostAsync("policies/rebuild", new { })).Reason);
            Assert.Equal("running", (await there.GetAsync("policies/rebuild")).Body.GetProperty("state").GetString());
            await replica.Services.GetRequiredService<FactApplier>().ApplyAsync([ada.Is(UserStatus.Disabled)], CancellationToken.None);
            Assert.Empty(await tenant.Client.MembersAsync(policy)); // facts go on, in what is read and in what is to come
        }
        await replica.StopAsync();
        gate.SetResult();
        Assert.Equal("done", (await tenant.EndAsync()).GetProperty("state").GetString());
        Assert.Empty(await tenant.Client.MembersAsync(policy));
    }

    [Fact]
    public async Task An_old_fact_that_comes_while_the_directory_is_read_brings_no_edge_back()
    {
        using var tenant = new Tenant(system);
        var (ada, bob, staff) = (new TestUser(tenant.Account, "ada"), new TestUser(tenant.Account, "bob"), new TestGroup(tenant.Account, "Staff"));
        var joins = staff.Members(true, ada, bob);
        await tenant.ArrivedAsync(ada.Is(), bob.Is(), staff.Is(), joins, staff.Members(false, ada));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = tenant.FeedWaitsFor(gate.Task);
        var rebuild = tenant.RebuildAsync();
        await half;
        await system.ApplyAsync(joins);
        gate.SetResult();
        Assert.Equal(0, (await rebuild).GetProperty("differences").GetProperty("total").GetInt32());
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task What_was_copied_waits_for_no_group_that_a_fact_holds()
    {
        using var tenant = new Tenant(system);
        var (ada, staff) = (new TestUser(tenant.Account, "ada"), new TestGroup(tenant.Account, "Staff"));
        await tenant.ArrivedAsync(ada.Is(), staff.Is(), staff.Members(true, ada));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = tenant.FeedWaitsFor(gate.Task);
        var rebuild = tenant.RebuildAsync();
        await half;
        await tenant.ArrivedAsync(staff.Is());

        // As a fact about the group does it, before it asks for edges.
        await using var connection = await system.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var fact = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("SELECT group_id FROM shadow_groups WHERE account_id = $1 FOR NO KEY UPDATE", connection, fact);
        hold.Parameters.Add(new() { Value = tenant.Account });
        Assert.Equal(staff.Id, await hold.ExecuteScalarAsync());
        gate.SetResult();
        await Eventually.TrueAsync("the copied edge is committed", async () =>
            (await system.RowsAsync("SELECT user_id FROM shadow_edges WHERE account_id = $1", row => row.GetGuid(0), tenant.Account)).Count > 0);
        await fact.CommitAsync();
        Assert.Equal("done", (await rebuild).GetProperty("state").GetString());
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task When_the_replica_that_does_it_is_gone_it_ends_as_failed_and_can_be_started_again()
    {
        using var tenant = new Tenant(system);
        var (policy, gate, _) = await HalfwayAsync(tenant);
        // What the database sees of a replica that dies: its session is gone, and its lock with it.
        var sessions = await system.RowsAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1919246948 AND objid = hashtext($1)::bit(32)::bigint::oid",
            row => row.GetBoolean(0), tenant.Account.ToString());
        Assert.Equal([true], sessions);
        gate.SetResult();
        var ended = await tenant.EndAsync();
        Assert.Equal("failed", ended.GetProperty("state").GetString());
        Assert.Empty(await tenant.ShadowsAsync());
        Assert.Equal(["ada via Staff"], await tenant.Client.MembersAsync(policy));
        _ = tenant.FeedWaitsFor(Task.CompletedTask);
        Assert.Equal("done", (await tenant.RebuildAsync()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_replica_that_is_stopped_ends_it_as_failed()
    {
        using var tenant = new Tenant(system);
        var replica = system.BuildReplica();
        await replica.StartAsync();
        var (_, gate, _) = await HalfwayAsync(tenant, at: replica.Urls.Single());
        await replica.StopAsync();
        gate.SetResult();
        var ended = await tenant.EndAsync();
        Assert.Equal(("failed", "The service was stopped meanwhile."), (ended.GetProperty("state").GetString(), ended.GetProperty("error").GetString()));
    }

    /// <summary>An account with ada on the staff, under a policy, and a rebuild that has read half of it.</summary>
    private async Task<(Guid Policy, TaskCompletionSource Gate, TestUser Ada)> HalfwayAsync(Tenant tenant, string? at = null)
    {
        var (ada, staff) = (new TestUser(tenant.Account, "ada"), new TestGroup(tenant.Account, "Staff"));
        await tenant.ArrivedAsync(ada.Is(), staff.Is(), staff.Members(true, ada));
        var policy = await tenant.Client.PolicyAsync("Access", staff.Id);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = tenant.FeedWaitsFor(gate.Task);
        using var client = system.Client(tenant.Account, at: at);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("policies/rebuild", new { })).Status);
        await half;
        return (policy, gate, ada);
    }
}
