using Contracts.Events.V1;
using LicenseService.Work;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Projections;
using Testing;

namespace LicenseService.Tests.Work;

/// <summary>
/// A mass deactivation on three replicas with their workers: deactivations, those of another directory, and the alert at the same time.
/// </summary>
public sealed class AlertRaceTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private const int Replicas = 3;
    private const int Plays = 6;
    private const int Users = 12;

    [Fact]
    public async Task However_facts_and_the_alert_race_each_seat_that_the_directory_freed_is_kept_back_and_the_others_go_to_the_line()
    {
        var replicas = Enumerable.Range(0, Replicas).Select(_ => quiet.Replica()).ToList();
        foreach (var replica in replicas) await replica.Services.GetRequiredService<SeatWorker>().StartAsync(CancellationToken.None);
        for (var seed = 0; seed < Plays; seed++) await PlayAsync(replicas.ConvertAll(replica => replica.Services.GetRequiredService<FactApplier>()), new Random(seed));
        foreach (var replica in replicas)
        {
            await replica.Services.GetRequiredService<SeatWorker>().StopAsync(CancellationToken.None);
            await replica.DisposeAsync();
        }
    }

    private async Task PlayAsync(List<FactApplier> replicas, Random random)
    {
        var (alerted, other) = (Guid.NewGuid(), Guid.NewGuid());
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2 * Users);
        var (users, others, line) = (await tenant.HireAsync(alerted, Users), await tenant.HireAsync(other, Users), await tenant.HireAsync(other, 2 * Users));
        var alert = Facts.Directory(version: 2, tenant.Account, alerted) with
        {
            LastAlert = new() { AlertId = Guid.NewGuid(), At = tenant.Now, Deactivated = 600, Users = 2_000 },
        };
        IFact[] facts = [.. users.Select(tenant.Leaves), .. others[..(Users / 2)].Select(tenant.Leaves), alert];
        random.Shuffle(facts);
        await Parallel.ForEachAsync(facts.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (fact, cancellation) => await replicas[fact.Index % Replicas].ApplyAsync([fact.Item], cancellation));
        await quiet.SettledAsync(tenant.Account);

        Assert.Equal(users.Order(), await tenant.KeptBackAsync());
        var seats = await tenant.SeatsAsync();
        Assert.Equal((Users, Users), (seats.Used, seats.Held));
        Assert.Equal(others[(Users / 2)..].Concat(line[..(Users / 2)]).Order(), await tenant.HoldersAsync());
        Assert.Equal(line[(Users / 2)..], await tenant.LineAsync());
    }
}
