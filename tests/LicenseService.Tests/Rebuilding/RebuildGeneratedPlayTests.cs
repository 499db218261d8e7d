using System.Net;
using Contracts.Events.V1;
using FsCheck.Fluent;
using LicenseService.Rules;
using LicenseService.Tests.Seats;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace LicenseService.Tests.Rebuilding;

/// <summary>Generated plays of which a third of the facts is lost; a rebuild, while others still come, ends in what the rules say of all.</summary>
public sealed class RebuildGeneratedPlayTests(LicenseSystem system)
{
    [Fact]
    public void After_a_rebuild_seats_are_as_if_no_fact_had_been_lost() =>
        Prop.ForAll(GeneratedPlay.OfLength(20, 60), play => RebuildsAsync(play)).Holds(8);

    private async Task RebuildsAsync(GeneratedPlay play)
    {
        var account = Guid.NewGuid();
        var directory = new PlayedDirectory(account);
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: GeneratedPlay.Users);
        var model = new SeatModel(pool, GeneratedPlay.Users);
        var facts = directory.Beginning().ToList();
        facts.AddRange(play.Acts.Select(directory.Tell).OfType<IFact>());
        var random = new Random(play.Seed);
        IFact[] delivered = [.. facts.Where(_ => random.Next(3) > 0)];
        random.Shuffle(delivered);
        foreach (var batch in delivered.Take(delivered.Length / 2).Chunk(3)) await system.ApplyAsync(batch);

        var rules = system.Services.GetRequiredService<RuleStore>();
        foreach (var make in play.Acts.OfType<PlayStep.Make>().DistinctBy(make => make.Target))
        {
            var (kind, group) = make.Target < GeneratedPlay.Groups ? (RuleKind.Group, directory.Groups[make.Target].GroupId) : (GeneratedPlay.System[make.Target - GeneratedPlay.Groups], (Guid?)null);
            // A group whose fact was lost is not known, and gets no rule.
            if (await rules.CreateAsync(account, pool, kind, group, make.Order, Facts.Actor, CancellationToken.None) is RuleOutcome.Done made)
                model.Put(new Rule(made.Rule, pool, kind, group, make.Order));
        }
        system.Directory.States[account] = () => directory.Feed().ToAsyncEnumerable();
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("rebuild")).Status);
        foreach (var batch in delivered.Skip(delivered.Length / 2).Chunk(3)) await system.ApplyAsync(batch);
        await Eventually.TrueAsync("the end of the rebuild", async () => (await client.GetAsync("rebuild")).Body.GetProperty("state").GetString() == "done");
        await system.SettledAsync(account);

        model.Learn(facts);
        Assert.Equal(
            model.Grants.Keys.Order(), (await system.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1", row => row.GetGuid(0), account)).Order());
        Assert.Empty(await system.RowsAsync("SELECT user_id FROM waiting WHERE account_id = $1", row => row.GetGuid(0), account));
    }
}
