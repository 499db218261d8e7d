using System.Net.ServerSentEvents;
using System.Text.Json;

namespace EndToEnd.Tests.Api;

/// <summary>An enforcement point that listens to membership changes through the gateway.</summary>
internal sealed class PolicyFeed : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<SseItem<string>> events;
    private readonly HashSet<string> heard = [];

    private PolicyFeed(HttpResponseMessage response, Stream stream) =>
        (this.response, events) = (response, SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator());

    /// <summary>Id of the last event: where to go on.</summary>
    public string Position { get; private set; } = "";

    public static async Task<PolicyFeed> OpenAsync(AdminClient admin, string? position = null)
    {
        var response = await admin.PolicyChangesAsync(position);
        var feed = new PolicyFeed(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal("position", (await feed.NextAsync()).EventType);
        return feed;
    }

    /// <summary>Listens until all of these were heard: <c>policy joined user</c>, <c>policy left user</c>.</summary>
    public async Task UntilAsync(params string[] changes)
    {
        while (!heard.IsSupersetOf(changes))
        {
            var item = await NextAsync();
            Assert.Equal("change", item.EventType);
            var record = JsonSerializer.Deserialize<JsonElement>(item.Data);
            foreach (var kind in (string[])["joined", "left"])
                if (record.TryGetProperty(kind, out var users))
                    foreach (var user in users.EnumerateArray()) heard.Add($"{record.GetProperty("policyId").GetString()} {kind} {user.GetString()}");
        }
    }

    private async Task<SseItem<string>> NextAsync()
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Bound), "The stream ended.");
        Position = events.Current.EventId ?? Position;
        return events.Current;
    }

    public ValueTask DisposeAsync()
    {
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
