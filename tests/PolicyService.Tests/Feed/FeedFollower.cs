using System.Net;

namespace PolicyService.Tests.Feed;

/// <summary>
/// A place where policies are enforced, as the README says that one should work: it reads all members once, then follows the
/// feed from where that stood.
/// </summary>
internal sealed class FeedFollower(PolicyClient client)
{
    private readonly Dictionary<Guid, HashSet<Guid>> members = [];
    private long position;

    /// <summary>Records seen of each kind: <c>members</c> and the others.</summary>
    internal List<string> Reasons { get; } = [];

    /// <summary>Differences that told what was so already. None, as long as no policy was read again meanwhile.</summary>
    internal int Repeated { get; private set; }

    internal static async Task<FeedFollower> StartAsync(PolicyClient client)
    {
        var follower = new FeedFollower(client) { position = (await client.GetAsync("policies/changes")).Body.GetProperty("next").GetInt64() };
        foreach (var policy in (await client.GetAsync("policies")).Body.GetProperty("items").EnumerateArray())
            await follower.ReadAsync(policy.GetProperty("id").GetGuid());
        return follower;
    }

    /// <summary>From the first record on, knowing nothing.</summary>
    internal static FeedFollower FromTheStart(PolicyClient client) => new(client);

    /// <summary>Reads on until nothing newer is there.</summary>
    internal async Task<FeedFollower> CatchUpAsync(int limit = 7)
    {
        while (true)
        {
            var page = await client.GetAsync($"policies/changes?after={position}&limit={limit}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            foreach (var record in page.Body.GetProperty("items").EnumerateArray())
            {
                Assert.Equal(++position, record.GetProperty("position").GetInt64());
                Reasons.Add(record.GetProperty("reason").GetString()!);
                if (record.TryGetProperty("reRead", out var again))
                {
                    foreach (var policy in again.EnumerateArray()) await ReadAsync(policy.GetGuid());
                    continue;
                }
                var of = members.TryGetValue(record.GetProperty("policyId").GetGuid(), out var known) ? known : members[record.GetProperty("policyId").GetGuid()] = [];
                foreach (var user in record.GetProperty("joined").EnumerateArray()) Repeated += of.Add(user.GetGuid()) ? 0 : 1;
                foreach (var user in record.GetProperty("left").EnumerateArray()) Repeated += of.Remove(user.GetGuid()) ? 0 : 1;
            }
            Assert.Equal(position, page.Body.GetProperty("next").GetInt64());
            if (position == page.Body.GetProperty("newest").GetInt64()) return this;
        }
    }

    /// <summary><c>policy user</c>, sorted.</summary>
    internal IReadOnlyList<string> Members => [.. members.SelectMany(policy => policy.Value.Select(user => $"{policy.Key} {user}")).Order(StringComparer.Ordinal)];

    private async Task ReadAsync(Guid policy)
    {
        if ((await client.GetAsync($"policies/{policy}")).Status == HttpStatusCode.NotFound)
        {
            members.Remove(policy);
            return;
        }
        members[policy] = [.. (await client.MemberItemsAsync(policy)).Select(item => item.GetProperty("userId").GetGuid())];
    }
}
