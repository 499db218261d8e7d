using System.Net;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Cases b, c and d: what must cost the same however large the directory and the group are.</summary>
internal sealed class ReadCase(MeasuredSystem system, BenchOptions options, Report report) : IDisposable
{
    private const int PageSize = 100;

    /// <summary>Reads no user: what this takes at one time and another is the machine.</summary>
    internal const string Control = "GET /ServiceProviderConfig";

    private readonly ScimRequests scim = new(system.Directory, 1);
    private readonly Random random = new(20_26);

    /// <summary>Median milliseconds by what is asked, over the users loaded so far.</summary>
    internal async Task<Dictionary<string, double>> LookUpAsync(int users, CancellationToken cancellationToken)
    {
        report.Progress($"b: looking up users among {users:N0}");
        var ids = new List<string>();
        foreach (var number in Numbers().Take(50))
            ids.Add((string)(await scim.GetAsync($"/Users?filter={Filter("userName", GeneratedUsers.UserName(number))}", cancellationToken))["Resources"]![0]!["id"]!);
        return await MediansAsync(new()
        {
            ["GET /Users/{id}"] = () => $"/Users/{ids[random.Next(ids.Count)]}",
            ["filter on userName"] = () => $"/Users?filter={Filter("userName", GeneratedUsers.UserName(Next()))}",
            ["filter on externalId"] = () => $"/Users?filter={Filter("externalId", GeneratedUsers.ExternalId(Next()))}",
            [Control] = () => "/ServiceProviderConfig",
            ["filter on the work email"] = () => $"/Users?filter={Uri.EscapeDataString($"emails[type eq \"work\"].value eq \"{GeneratedUsers.UserName(Next())}\"")}",
        }, options.Samples, cancellationToken);

        int Next() => random.Next(1, users + 1);
        IEnumerable<int> Numbers() { while (true) yield return Next(); }
    }

    /// <summary>Case c: a page at the beginning and one nine tenths in, and the second one by cursor.</summary>
    internal async Task PagesAsync(CancellationToken cancellationToken)
    {
        report.Progress("c: pages");
        var late = options.Users / 10 * 9 + 1;
        var cursor = Uri.EscapeDataString((string)(await scim.GetAsync($"/Users?cursor&count={PageSize}", cancellationToken))["nextCursor"]!);
        var medians = await MediansAsync(new()
        {
            ["first"] = () => $"/Users?startIndex=1&count={PageSize}",
            ["last"] = () => $"/Users?startIndex={late}&count={PageSize}",
            ["by cursor"] = () => $"/Users?cursor={cursor}&count={PageSize}",
        }, Math.Max(10, options.Samples / 20), cancellationToken);
        var (first, last, byCursor) = (medians["first"], medians["last"], medians["by cursor"]);
        report.Add('c', $"page of {PageSize} at startIndex 1", first, "ms");
        report.Add('c', $"page of {PageSize} by cursor", byCursor, "ms");
        report.Add('c', $"startIndex {late:N0} : startIndex 1", last / first, "", Goal.AtMost(2));
        report.Add('c', "by cursor : startIndex 1", byCursor / first, "", Goal.AtMost(2));
    }

    /// <summary>Case d: median milliseconds to add and to remove one member who was not in the group.</summary>
    internal async Task<(double Add, double Remove)> MemberAsync(Guid group, CancellationToken cancellationToken)
    {
        var stranger = (string)(await scim.GetAsync($"/Users?filter={Filter("userName", GeneratedUsers.UserName(options.Users))}", cancellationToken))["Resources"]![0]!["id"]!;
        var (added, removed) = (new List<double>(), new List<double>());
        for (var i = 0; i < options.Samples / 10; i++)
        {
            added.Add(await ChangeAsync($$"""{"op":"add","path":"members","value":[{"value":"{{stranger}}"}]}"""));
            removed.Add(await ChangeAsync($$"""{"op":"remove","path":"members[value eq \"{{stranger}}\"]"}"""));
        }
        return (Percentile.Median(added), Percentile.Median(removed));

        Task<double> ChangeAsync(string operation) =>
            scim.MeasureAsync(HttpMethod.Patch, $"/Groups/{group}", GeneratedUsers.Patch(operation), HttpStatusCode.NoContent, cancellationToken);
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

    /// <summary>
    /// Each kind is asked once in turn, so that none of them alone meets a minute in which the machine is slow; medians of
    /// rounds, and of these the median.
    /// </summary>
    private async Task<Dictionary<string, double>> MediansAsync(Dictionary<string, Func<string>> paths, int samples, CancellationToken cancellationToken)
    {
        var rounds = paths.Keys.ToDictionary(what => what, _ => new List<double>());
        await RoundAsync(samples / 5); // what is asked first meets cold code
        for (var round = 0; round < options.Rounds; round++)
            foreach (var (what, times) in await RoundAsync(samples)) rounds[what].Add(Percentile.Median(times));
        return rounds.ToDictionary(kind => kind.Key, kind => Percentile.Median(kind.Value));

        async Task<Dictionary<string, List<double>>> RoundAsync(int count)
        {
            var times = paths.Keys.ToDictionary(what => what, _ => new List<double>());
            for (var i = 0; i < count; i++)
                foreach (var (what, path) in paths)
                    times[what].Add(await scim.MeasureAsync(HttpMethod.Get, path(), null, HttpStatusCode.OK, cancellationToken));
            return times;
        }
    }

    private static string Filter(string attribute, string value) => Uri.EscapeDataString($"{attribute} eq \"{value}\"");

    public void Dispose() => scim.Dispose();
}
