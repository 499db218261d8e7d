using System.Net;
using Contracts.Events.V1;
using Testing;

namespace LicenseService.Tests.Assignments;

/// <summary>What a seat is refused for, and that what the directory has acknowledged counts.</summary>
public sealed class AssignmentRefusalsTests(LicenseSystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Theory]
    [InlineData(UserStatus.Unassigned)]
    [InlineData(UserStatus.Disabled)]
    [InlineData(UserStatus.Deleted)]
    [InlineData(UserStatus.Removed)]
    public async Task A_user_who_is_not_active_gets_no_seat(UserStatus status)
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await system.UserAsync(account, fact => fact with { Status = status, Deactivations = 1 });
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
        var user = await system.UserAsync(account, fact => fact with { Email = email });
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
        Assert.Empty(await system.RefusalsAsync(account, old.UserId));
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
        Assert.Equal(["granted assigned", "freed notActive"], await system.SeatHistoryAsync(account, fact.UserId));
    }
}
