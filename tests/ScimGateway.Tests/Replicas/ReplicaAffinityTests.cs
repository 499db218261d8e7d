using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScimGateway.Tests.Stubs;
using Testing;

namespace ScimGateway.Tests.Replicas;

public sealed class ReplicaAffinityTests : IAsyncLifetime
{
    private StubService one = null!;
    private StubService two = null!;

    public async ValueTask InitializeAsync()
    {
        one = await StubService.StartAsync("one");
        two = await StubService.StartAsync("two");
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task Writes_to_a_directory_go_to_one_replica()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two]);
        var directory = NewDirectory();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(gateway, directory)));
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Other_directories_have_other_homes_and_every_gateway_knows_them()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two]);
        await using var another = await GatewayUnderTest.StartAsync([two, one]);
        var homes = new List<string>();
        foreach (var directory in Enumerable.Range(0, 40).Select(_ => NewDirectory()))
        {
            homes.Add(await PostAsync(gateway, directory));
            Assert.Equal(homes[^1], await PostAsync(another, directory));
        }
        Assert.Equal(["one", "two"], homes.Distinct().Order());
    }

    [Fact]
    public async Task A_home_that_has_enough_to_do_is_helped()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two], ["Gateway:WritesTogether=2"]);
        var directory = NewDirectory();
        var home = await PostAsync(gateway, directory);
        var (busy, other) = home == "one" ? (one, two) : (two, one);
        var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        busy.Answer = async context =>
        {
            arrived.Release();
            await release.Task;
            await context.Response.WriteAsync(home);
        };
        var held = new[] { PostAsync(gateway, directory), PostAsync(gateway, directory) };
        foreach (var _ in held) Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(other.Name, await PostAsync(gateway, directory));

        release.SetResult();
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(home, answer));
        Assert.Equal(home, await PostAsync(gateway, directory));
    }

    [Fact]
    public async Task A_home_that_hangs_is_passed_over_until_it_answers_again()
    {
        var clock = new ManualClock();
        await using var gateway = await GatewayUnderTest.StartAsync([one, two], configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var directory = NewDirectory();
        var home = await PostAsync(gateway, directory);
        var (hangs, other) = home == "one" ? (one, two) : (two, one);
        var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        hangs.Answer = async context =>
        {
            arrived.Release();
            await release.Task;
            await context.Response.WriteAsync(home);
        };
        clock.Advance(TimeSpan.FromHours(1)); // quiet for long, which is no silence
        var held = new[] { PostAsync(gateway, directory), PostAsync(gateway, directory) };
        foreach (var _ in held) Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)));

        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++) Assert.Equal(other.Name, await PostAsync(gateway, directory));

        release.SetResult();
        await Task.WhenAll(held);
        Assert.Equal(home, await PostAsync(gateway, directory));
    }

    [Fact]
    public async Task Searches_by_POST_are_reads()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two]);
        var directory = NewDirectory();
        for (var i = 0; i < 100; i++) await PostAsync(gateway, directory + "/.search");
        Assert.InRange(one.Requests.Count, 20, 80);
    }

    [Fact]
    public async Task With_nothing_together_writes_are_spread_as_reads_are()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two], ["Gateway:WritesTogether=0"]);
        var directory = NewDirectory();
        for (var i = 0; i < 100; i++) await PostAsync(gateway, directory);
        Assert.InRange(one.Requests.Count, 20, 80);
    }

    [Fact]
    public async Task A_home_that_dies_is_replaced_and_taken_again_when_it_is_back()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([one, two]);
        var directory = NewDirectory();
        var home = await PostAsync(gateway, directory);
        var (dies, stays) = home == "one" ? (one, two) : (two, one);
        dies.Kill();
        for (var i = 0; i < 10; i++) Assert.Equal(stays.Name, await PostAsync(gateway, directory));
        dies.Revive();
        await Eventually.BecomesAsync("an answer of the home", () => PostAsync(gateway, directory), name => name == home);
    }

    private static string NewDirectory() => $"/scim/v2/{Guid.NewGuid()}/{Guid.NewGuid()}/Users";

    private static async Task<string> PostAsync(GatewayUnderTest gateway, string users)
    {
        using var response = await gateway.Client.PostAsync(users, new StringContent("{}", null, "application/scim+json"));
        return await response.Content.ReadAsStringAsync();
    }
}
