using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using ServiceDefaults.Access;

namespace PolicyService.Tests.Feed;

/// <summary>The feed's server-sent events, one by one.</summary>
internal sealed class EventStream(HttpClient client, HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
{
    internal static async Task<EventStream> OpenAsync(PolicySystem system, Guid account, string? lastEventId = null)
    {
        var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(system.Url + "/api/v1/policies/changes/stream"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", system.Token(account, AdminRole.Auditor));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventStream(client, response, SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    internal async Task<T> NextAsync<T>(Func<SseItem<string>, T> read)
    {
        Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        return read(items.Current);
    }

    /// <summary>False: the service ended it.</summary>
    internal async Task<bool> GoesOnAsync() => await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        client.Dispose();
        await ValueTask.CompletedTask;
    }
}
