using System.Net;
using Contracts.Events.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Messaging;
using Testing;

namespace LicenseService.Tests.Assignments;

/// <summary>
/// The directory cannot be asked, and a fact may be on its way: an assignment waits for it. A replica of its own is asked, in
/// which that time passes only when the test says so.
/// </summary>
public sealed class AssignmentWaitingTests(LicenseSystem system) : IAsyncLifetime
{
    private readonly Guid account = Guid.NewGuid();
    private readonly StoppedClock clock = new();
    private WebApplication replica = null!;
    private LicenseClient client = null!;
    private Guid pool;

    public async ValueTask InitializeAsync()
    {
        replica = system.BuildReplica(services => services.AddSingleton(new FactArrivalSignal(clock)));
        await replica.StartAsync();
        client = system.Client(account, at: replica.Urls.Single());
        pool = await client.PoolAsync(seats: 2);
        system.Directory.Current[account] = null;
    }

    [Fact]
    public async Task A_user_whose_fact_is_on_its_way_is_waited_for()
    {
        var fact = Facts.User(version: 1, account, userName: "grace@example.com");
        var claim = client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        await WaitsAsync(claim);
        await system.PublishAsync(fact);

        var answer = await claim;
        Assert.Equal((HttpStatusCode.Created, null), (answer.Status, answer.RetryAfter));
        Assert.Equal((fact.UserId, "grace@example.com"), (answer.Body.GetProperty("userId").GetGuid(), answer.Body.GetProperty("userName").GetString()));
        Assert.Equal(["granted assigned"], await system.SeatHistoryAsync(account, fact.UserId));
        Assert.Empty(await system.RefusalsAsync(account, fact.UserId));
        Assert.Equal(1, await client.UsedAsync(pool));
    }

    [Fact]
    public async Task A_fact_that_another_replica_took_is_waited_for_as_well()
    {
        var fact = Facts.User(version: 1, account);
        var claim = client.PostAsync($"pools/{pool}/assignments/{fact.UserId}");
        await WaitsAsync(claim);
        await system.ApplyAsync(fact); // it wakes nobody in this one
        Assert.Equal(HttpStatusCode.Created, (await claim).Status);
    }

    [Fact]
    public async Task A_user_nobody_has_heard_of_is_refused_after_five_seconds_with_a_hint_to_try_again()
    {
        var user = Guid.NewGuid();
        var claim = client.PostAsync($"pools/{pool}/assignments/{user}");
        await WaitsAsync(claim);
        clock.Pass(TimeSpan.FromSeconds(4.9));
        await WaitsAsync(claim);
        clock.Pass(TimeSpan.FromSeconds(0.1));
        var answer = await claim;
        Assert.Equal((HttpStatusCode.Conflict, "unknownUser", TimeSpan.FromSeconds(5)), (answer.Status, answer.Reason, answer.RetryAfter));
        Assert.Empty(await system.RefusalsAsync(account, user));
    }

    [Fact]
    public async Task A_refusal_of_which_the_directory_cannot_be_asked_is_neither_final_nor_recorded()
    {
        var user = await system.UserAsync(account, fact => fact with { Status = UserStatus.Disabled, Deactivations = 1 });
        var claim = client.PostAsync($"pools/{pool}/assignments/{user}");
        await WaitsAsync(claim);
        clock.Pass(FactArrivalSignal.Grace);
        var answer = await claim;
        Assert.Equal((HttpStatusCode.Conflict, "notActive", TimeSpan.FromSeconds(5)), (answer.Status, answer.Reason, answer.RetryAfter));
        Assert.Contains("could not be asked", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(await system.RefusalsAsync(account, user));
        Assert.False((await client.GetAsync($"users/{user}")).Body.GetProperty("upToDate").GetBoolean());

        system.Directory.Current[account] = [];
        Assert.Null((await client.PostAsync($"pools/{pool}/assignments/{user}")).RetryAfter);
        Assert.Equal(["notActive"], await system.RefusalsAsync(account, user));
    }

    /// <summary>The request has looked for the fact once more, and there was time left.</summary>
    private async Task WaitsAsync(Task<Answer> request)
    {
        var before = clock.Asked;
        await Eventually.TrueAsync("the request to wait", () => Task.FromResult(request.IsCompleted || clock.Asked >= before + 2), TimeSpan.FromMinutes(2));
        Assert.False(request.IsCompleted, "The request did not wait.");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await replica.StopAsync();
        await replica.DisposeAsync();
    }
}
