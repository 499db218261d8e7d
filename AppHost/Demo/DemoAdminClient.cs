using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace AppHost.Demo;

/// <summary>Client for the calls of <c>/api/v1</c> that set up the demo.</summary>
internal sealed class DemoAdminClient(HttpClient http)
{
    /// <summary>An HTTP client of the gateway that acts for the demo account's owner.</summary>
    internal static async Task<HttpClient> ConnectAsync(IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey, CancellationToken cancellationToken)
    {
        var address = await gateway.GetEndpoint("http").GetValueAsync(cancellationToken);
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address!), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await adminApiKey.GetValueAsync(cancellationToken));
        return http;
    }

    internal Task<Account> AccountAsync(CancellationToken cancellationToken) => GetAsync<Account>("/api/v1/account", cancellationToken);

    internal async Task<IReadOnlyList<DirectoryItem>> DirectoriesAsync(CancellationToken cancellationToken) =>
        (await GetAsync<Page<DirectoryItem>>("/api/v1/directories", cancellationToken)).Items;

    internal Task<NewDirectory> CreateDirectoryAsync(string name, string provider, CancellationToken cancellationToken) =>
        PostAsync<NewDirectory>("/api/v1/directories", new { name, provider }, cancellationToken);

    internal async Task<IReadOnlyList<TokenItem>> TokensAsync(Guid directory, CancellationToken cancellationToken) =>
        (await GetAsync<Page<TokenItem>>($"/api/v1/directories/{directory}/tokens", cancellationToken)).Items;

    internal Task<NewToken> CreateTokenAsync(Guid directory, CancellationToken cancellationToken) =>
        PostAsync<NewToken>($"/api/v1/directories/{directory}/tokens", new { }, cancellationToken);

    internal Task DeleteDirectoryAsync(Guid directory, CancellationToken cancellationToken) => DeleteAsync($"/api/v1/directories/{directory}", cancellationToken);

    internal Task DeleteTokenAsync(Guid directory, string keyId, CancellationToken cancellationToken) =>
        DeleteAsync($"/api/v1/directories/{directory}/tokens/{keyId}", cancellationToken);

    private async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(path, cancellationToken);
        await ThrowUnlessSuccessAsync("DELETE", path, response, cancellationToken);
    }

    internal async Task<IReadOnlyList<PoolItem>> PoolsAsync(CancellationToken cancellationToken) =>
        (await GetAsync<Page<PoolItem>>("/api/v1/licenses/pools", cancellationToken)).Items;

    internal Task<PoolItem> CreatePoolAsync(string product, int seats, CancellationToken cancellationToken) =>
        PostAsync<PoolItem>("/api/v1/licenses/pools", new { product, seats }, cancellationToken);

    internal async Task<Guid> CreateUserAsync(string userName, string displayName, CancellationToken cancellationToken) =>
        (await PostAsync<CreatedResource>("/api/v1/users", new { userName, displayName, email = userName }, cancellationToken)).Id;

    internal async Task<Guid> CreateGroupAsync(string displayName, IReadOnlyList<Guid> members, CancellationToken cancellationToken)
    {
        var group = (await PostAsync<CreatedResource>("/api/v1/groups", new { displayName }, cancellationToken)).Id;
        var path = $"/api/v1/groups/{group}/members";
        using var response = await http.PostAsJsonAsync(path, new { add = members }, cancellationToken);
        await ThrowUnlessSuccessAsync("POST", path, response, cancellationToken);
        return group;
    }

    internal Task CreateGroupRuleAsync(Guid pool, Guid groupId, CancellationToken cancellationToken) =>
        PostAsync<CreatedResource>($"/api/v1/licenses/pools/{pool}/rules", new { kind = "group", groupId }, cancellationToken);

    /// <summary>Whether a directory still accepts its token.</summary>
    internal async Task<bool> AcceptsAsync(DirectoryEndpoint directory, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{directory.BaseUrl}/Users?count=0");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", directory.Token);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound) return false;
        await ThrowUnlessSuccessAsync("GET", request.RequestUri!.AbsolutePath, response, cancellationToken);
        return true;
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken);
        await ThrowUnlessSuccessAsync("GET", path, response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<T>(cancellationToken))!;
    }

    private async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
        await ThrowUnlessSuccessAsync("POST", path, response, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<T>(cancellationToken))!;
    }

    private static async Task ThrowUnlessSuccessAsync(string method, string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        const int enough = 300;
        if (response.IsSuccessStatusCode) return;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new HttpRequestException(
            $"{method} {path} answered {(int)response.StatusCode} {(body.Length > enough ? body[..enough] : body)}".TrimEnd(), null, response.StatusCode);
    }
}

internal sealed record Page<T>(IReadOnlyList<T> Items);

internal sealed record Account(Guid Id, string Name);

internal sealed record DirectoryItem(Guid Id, string Name, string Provider, string BaseUrl);

internal sealed record NewDirectory(Guid Id, string Name, string Provider, string BaseUrl, string Token);

internal sealed record TokenItem(string KeyId);

internal sealed record NewToken(string KeyId, string Token);

internal sealed record CreatedResource(Guid Id);

internal sealed record PoolItem(Guid Id, string Product, int Seats, int Used);
