using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace EndToEnd.Tests.Api;

/// <summary>The admin API through the gateway, as automation with an API key uses it.</summary>
internal sealed partial class AdminClient : IDisposable
{
    private readonly HttpClient client;

    public AdminClient(Uri gateway, string apiKey)
    {
        client = new HttpClient { BaseAddress = gateway };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>From what SCIM shows to the internal id.</summary>
    public Task<Guid> UserIdAsync(Guid directory, string userName) => FindAsync($"/api/v1/users?directory={directory}&userName={Uri.EscapeDataString(userName)}");

    public Task<Guid> GroupIdAsync(Guid directory, string displayName) => FindAsync($"/api/v1/groups?directory={directory}&displayName={Uri.EscapeDataString(displayName)}");

    public async Task<string> UserStatusAsync(Guid user) => (await GetAsync<Person>($"/api/v1/users/{user}")).Status;

    /// <summary>The account's first pool; the demo set-up makes one.</summary>
    public async Task<Pool> PoolAsync() => (await GetAsync<Page<Pool>>("/api/v1/licenses/pools")).Items[0];

    public Task AssignLicenseAsync(Guid pool, Guid user) => SendAsync(HttpMethod.Post, $"/api/v1/licenses/pools/{pool}/assignments/{user}", null, HttpStatusCode.Created);

    public async Task<bool> HoldsLicenseAsync(Guid pool, Guid user)
    {
        using var response = await client.GetAsync($"/api/v1/licenses/pools/{pool}/assignments/{user}");
        if (response.StatusCode == HttpStatusCode.NotFound) return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    public Task<Guid> CreatePolicyAsync(string name, params Guid[] groupIds) => CreatePolicyAsync(new { name, groupIds });

    public async Task<Guid> CreatePolicyAsync(object body)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/v1/policies", body, HttpStatusCode.Created);
        return (await response.Content.ReadFromJsonAsync<NamedItem>())!.Id;
    }

    public async Task<IReadOnlyList<Guid>> PolicyMembersAsync(Guid policy) =>
        [.. (await GetAsync<Page<Member>>($"/api/v1/policies/{policy}/members?limit=1000")).Items.Select(member => member.UserId)];

    public async Task<IReadOnlyList<Guid>> PoliciesOfAsync(Guid user) =>
        [.. (await GetAsync<Page<NamedItem>>($"/api/v1/users/{user}/policies")).Items.Select(policy => policy.Id)];

    /// <summary>Membership changes as server-sent events, from now on or behind <paramref name="lastEventId"/>.</summary>
    public async Task<HttpResponseMessage> PolicyChangesAsync(string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/policies/changes/stream");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        return (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
    }

    /// <param name="service"><c>licenses</c> or <c>policies</c>.</param>
    public async Task StartRebuildAsync(string service) =>
        (await SendAsync(HttpMethod.Post, $"/api/v1/{service}/rebuild", null, HttpStatusCode.Accepted)).Dispose();

    public Task<Rebuild> RebuildAsync(string service) => GetAsync<Rebuild>($"/api/v1/{service}/rebuild");

    public Task<Lag> LagAsync(string service) => GetAsync<Lag>($"/api/v1/{service}/lag");

    /// <summary>What happened, in words of the timeline.</summary>
    public async Task<ISet<string>> TimelineAsync(Guid user) =>
        (await GetAsync<Page<HistoryEntry>>($"/api/v1/users/{user}/timeline?limit=200")).Items.Select(entry => entry.Change).ToHashSet();

    private async Task<Guid> FindAsync(string path) => Assert.Single((await GetAsync<Page<NamedItem>>(path)).Items).Id;

    private async Task<T> GetAsync<T>(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var response = await client.SendAsync(request);
        if (response.StatusCode == expected) return response;
        var text = await response.Content.ReadAsStringAsync();
        response.Dispose();
        throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {text}");
    }

    public void Dispose() => client.Dispose();

    internal sealed record Pool(Guid Id, string Product, int Seats, int Used, int Free, int Held, int Waiting);

    internal sealed record Rebuild(string State, double Seconds, long RowsRead, string? ChecksumBefore, string? ChecksumAfter, Differences? Differences, string? Error);

    internal sealed record Differences(long Total);

    internal sealed record Lag(long Events, double Seconds, bool Growing);

    private sealed record Page<T>(IReadOnlyList<T> Items);

    private sealed record NamedItem(Guid Id);

    private sealed record HistoryEntry(string Change);

    private sealed record Person(string Status);

    private sealed record Member(Guid UserId);
}
