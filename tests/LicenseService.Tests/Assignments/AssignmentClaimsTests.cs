using System.Diagnostics;
using System.Net;

namespace LicenseService.Tests.Assignments;

/// <summary>Many ask for seats at the same time.</summary>
public sealed class AssignmentClaimsTests(LicenseSystem system, ITestOutputHelper output)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task Fifty_claims_at_once_for_the_last_ten_seats_give_exactly_ten()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 13);
        for (var i = 0; i < 3; i++) await client.PostAsync($"pools/{pool}/assignments/{await system.UserAsync(account)}");
        var users = new List<Guid>();
        for (var i = 0; i < 50; i++) users.Add(await system.UserAsync(account));

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
        var user = await system.UserAsync(account);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync($"pools/{pool}/assignments/{user}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(1, await client.UsedAsync(pool));
    }
}
