using System.Net;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Cases b, c and d: what must cost the same however large the directory and the group are.</summary>
internal sealed class Reading(MeasuredSystem system, BenchOptions options, Report report) : IDisposable
{
    private const int PageSize = 100;
    private readonly Scim scim = new(system.Directory, 1);
    private readonly Random random = new(20_26);

    /// <summary>Median milliseconds by what is asked, over the users loaded so far.</summary>
    internal async Task<Dictionary<string, double>> LookUpAsync(int users, CancellationToken cancellationToken)
    {
        report.Progress($"b: looking up users among {users:N0}");
        var ids = new List<string>();
        foreach (var number in Numbers().Take(50))
            ids.Add((string)(await scim.GetAsync($"/Users?filter={Filter("userName", Population.UserName(number))}", cancellationToken))["Resources"]![0]!["id"]!);
        return new()
        {
            ["GET /Users/{id}"] = await MedianAsync(() => $"/Users/{ids[random.Next(ids.Count)]}", cancellationToken),
            ["filter on userName"] = await MedianAsync(() => $"/Users?filter={Filter("userName", Population.UserName(Next()))}", cancellationToken),
            ["filter on externalId"] = await MedianAsync(() => $"/Users?filter={Filter("externalId", Population.ExternalId(Next()))}", cancellationToken),
            ["filter on the work email"] = await MedianAsync(() => $"/Users?filter={Uri.EscapeDataString($"emails[type eq \"work\"].value eq \"{Population.UserName(Next())}\"")}", cancellationToken),
        };

        int Next() => random.Next(1, users + 1);
        IEnumerable<int> Numbers() { while (true) yield return Next(); }
    }

    /// <summary>Case c: a page at the beginning and one nine tenths in, and the second one by cursor.</summary>
    internal async Task PagesAsync(CancellationToken cancellationToken)
    {
        report.Progress("c: pages");
        var late = options.Users / 10 * 9 + 1;
        var first = await MedianAsync(() => $"/Users?startIndex=1&count={PageSize}", cancellationToken, slow: true);
        var last = await MedianAsync(() => $"/Users?startIndex={late}&count={PageSize}", cancellationToken, slow: true);
        var cursor = Uri.EscapeDataString((string)(await scim.GetAsync($"/Users?cursor&count={PageSize}", cancellationToken))["nextCursor"]!);
        var byCursor = await MedianAsync(() => $"/Users?cursor={cursor}&count={PageSize}", cancellationToken, slow: true);
        report.Add('c', $"page of {PageSize} at startIndex 1", first, "ms");
        report.Add('c', $"page of {PageSize} by cursor", byCursor, "ms");
        report.Add('c', $"startIndex {late:N0} : startIndex 1", last / first, "", Goal.AtMost(2));
        report.Add('c', "by cursor : startIndex 1", byCursor / first, "", Goal.AtMost(2));
    }

    /// <summary>Case d: median milliseconds to add and to remove one member who was not in the group.</summary>
    internal async Task<(double Add, double Remove)> MemberAsync(Guid group, CancellationToken cancellationToken)
    {
        var stranger = (string)(await scim.GetAsync($"/Users?filter={Filter("userName", Population.UserName(options.Users))}", cancellationToken))["Resources"]![0]!["id"]!;
        var (added, removed) = (new List<double>(), new List<double>());
        for (var i = 0; i < options.Samples / 10; i++)
        {
            added.Add(await ChangeAsync($$"""{"op":"add","path":"members","value":[{"value":"{{stranger}}"}]}"""));
            removed.Add(await ChangeAsync($$"""{"op":"remove","path":"members[value eq \"{{stranger}}\"]"}"""));
        }
        return (Percentile.Median(added), Percentile.Median(removed));

        Task<double> ChangeAsync(string operation) =>
            scim.MeasureAsync(HttpMethod.Patch, $"/Groups/{group}", Population.Patch(operation), HttpStatusCode.NoContent, cancellationToken);
    }

    /// <summary>SCIM ids of users who are in no group yet.</summary>
    internal async Task<IReadOnlyList<string>> NewUsersAsync(int count, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var n = 0; n < count; n++)
        {
            var name = $"stranger.{Guid.NewGuid():n}@bench.example";
            ids.Add((string)(await scim.PostAsync("/Users", Person.Body(name, name), cancellationToken))["id"]!);
        }
        return ids;
    }

    private async Task<double> MedianAsync(Func<string> path, CancellationToken cancellationToken, bool slow = false)
    {
        var samples = slow ? Math.Max(10, options.Samples / 20) : options.Samples;
        for (var warm = 0; warm < samples / 5; warm++) await MeasureAsync();
        var rounds = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var times = new List<double>();
            for (var i = 0; i < samples; i++) times.Add(await MeasureAsync());
            rounds.Add(Percentile.Median(times));
        }
        return Percentile.Median(rounds);

        Task<double> MeasureAsync() => scim.MeasureAsync(HttpMethod.Get, path(), null, HttpStatusCode.OK, cancellationToken);
    }

    private static string Filter(string attribute, string value) => Uri.EscapeDataString($"{attribute} eq \"{value}\"");

    public void Dispose() => scim.Dispose();
}
