using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Api;
using IdpSimulator.Wire;

namespace EndToEnd.Tests.Faults;

/// <summary>
/// An identity provider that creates users, puts them into a group that gives a license and a policy, and disables every third; and
/// the history of what was acknowledged, which is what the system must show in the end.
/// </summary>
internal sealed class Workload : IDisposable
{
    private const int Workers = 6, RequestsPerSecond = 24;

    private readonly PersistentClient scim;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, User> users = new();
    private readonly string run;
    private readonly string group;
    private readonly Guid directory;
    private Task[] workers = [];
    private int count;

    private Workload(PersistentClient scim, string run, Guid directory, string group) => (this.scim, this.run, this.directory, this.group) = (scim, run, directory, group);

    public static async Task<Workload> BeginAsync(AdminClient admin)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var (directory, baseUrl, token) = await admin.CreateDirectoryAsync($"Faults {run}", "Generic");
        var scim = new PersistentClient(baseUrl, token, new Pace(RequestsPerSecond));
        var name = $"Employees {run}";
        var group = await scim.CreateAsync("Groups", "displayName", name, new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"), ["displayName"] = name });
        return new Workload(scim, run, directory, group) { GroupName = name };
    }

    public string GroupName { get; private init; } = "";

    public Guid Directory => directory;

    /// <summary>Users whose every write was acknowledged.</summary>
    public int Acknowledged => users.Count;

    public int Failures => scim.Failures;

    public IEnumerable<string> Active => users.Values.Where(user => user.Active).Select(user => user.UserName);

    public void Start() => workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];

    /// <summary>Ends after what is under way was acknowledged. Throws what a worker met.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(workers);
    }

    /// <summary>A worker that met an answer which no retry changes has ended; its error is told at once.</summary>
    public async Task CheckAsync()
    {
        foreach (var worker in workers.Where(worker => worker.IsCompleted)) await worker;
    }

    /// <summary>What SCIM shows and the history does not, or otherwise.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var differences = new List<string>();
        foreach (var user in users.Values)
        {
            var shown = await scim.GetAsync($"Users/{user.Id}");
            if (shown["userName"]!.GetValue<string>() != user.UserName || shown["active"]!.GetValue<bool>() != user.Active) differences.Add($"{user} is {shown.ToJsonString()}");
            if (shown["groups"] is not JsonArray { Count: 1 }) differences.Add($"{user} is not in the group, or twice");
            var named = await scim.GetAsync($"Users?filter={Uri.EscapeDataString($"userName eq \"{user.UserName}\"")}");
            if (named["totalResults"]!.GetValue<int>() != 1) differences.Add($"{user} is there {named["totalResults"]} times");
        }

        return differences;
    }

    public void Dispose()
    {
        scim.Dispose();
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var n = Interlocked.Increment(ref count);
            var userName = $"user{n}.{run}@faults.example";
            var id = await scim.CreateAsync("Users", "userName", userName, new JsonObject
            {
                ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
                ["userName"] = userName,
                ["active"] = true,
                ["emails"] = new JsonArray(new JsonObject { ["value"] = userName, ["type"] = "work", ["primary"] = true }),
            });
            await scim.PatchAsync($"Groups/{group}", new JsonObject { ["op"] = "add", ["path"] = "members", ["value"] = new JsonArray(new JsonObject { ["value"] = id }) });
            var active = n % 3 != 0;
            if (!active) await scim.PatchAsync($"Users/{id}", new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = false });
            users[id] = new User(id, userName, active);
        }
    }

    private sealed record User(string Id, string UserName, bool Active);
}
