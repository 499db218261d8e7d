using System.Diagnostics;
using System.Net;
using System.Text;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Case d beyond one member: many writers of one group, and a whole list of members in which one is new.</summary>
internal sealed class MembershipCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private const int Clients = 32;
    private const int LongList = 100_000;

    /// <summary>As Entra ID adds members: one by one, from many workers, to the same group.</summary>
    internal async Task StormAsync(Guid group, IReadOnlyList<string> strangers, CancellationToken cancellationToken)
    {
        report.Progress($"d: {Clients} clients add {strangers.Count:N0} members one by one to the group of nearly all");
        using var scim = new ScimRequests(system.Directory, Clients);
        var latencies = new List<double>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(strangers, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken }, async (user, cancel) =>
        {
            var took = await scim.MeasureAsync(HttpMethod.Patch, $"/Groups/{group}", GeneratedUsers.Patch($$"""{"op":"Add","path":"members","value":[{"$ref":null,"value":"{{user}}"}]}"""), HttpStatusCode.NoContent, cancel);
            lock (latencies) latencies.Add(took);
        });
        report.Add('d', $"members added by {Clients} clients to one group", strangers.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, "/s");
        report.Add('d', "p50 of these", Percentile.Median(latencies), "ms");
        report.Add('d', "p99 of these", Percentile.Of(latencies, 0.99), "ms");
    }

    /// <summary>PUT of a group of 100,000 (or of as many as there are) with all its members, of whom one is new.</summary>
    internal async Task WholeListAsync(GeneratedUsers population, CancellationToken cancellationToken)
    {
        var size = Math.Min(LongList, options.Users / 2);
        report.Progress($"d: PUT of {size:N0} members of whom one is new");
        var group = await population.AddGroupAsync("Long list", size, cancellationToken);
        var ids = await population.IdsAsync(size + 1, cancellationToken);
        using var scim = new ScimRequests(system.Directory, 1);
        var times = new List<double>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            // One leaves and one comes, in turn.
            var members = round % 2 == 0 ? ids.Skip(1) : ids.Take(size);
            times.Add(await scim.MeasureAsync(HttpMethod.Put, $"/Groups/{group}?excludedAttributes=members", Body(members), HttpStatusCode.OK, cancellationToken));
        }
        report.Add('d', $"PUT of {size:N0} members that changes one", Percentile.Median(times) / 1000, "s");

        static string Body(IEnumerable<Guid> members)
        {
            var text = new StringBuilder("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Long list","members":[""");
            text.AppendJoin(',', members.Select(id => $$"""{"value":"{{id}}"}"""));
            return text.Append("]}").ToString();
        }
    }
}
