using System.Net;
using System.Net.Http.Json;

namespace EndToEnd.Tests.Api;

/// <summary>Pools, rules, and a directory for a story of its own.</summary>
internal sealed partial class AdminClient
{
    public async Task<(Guid Id, Uri BaseUrl, string Token)> CreateDirectoryAsync(string name, string provider)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/v1/directories", new { name, provider }, HttpStatusCode.Created);
        var made = (await response.Content.ReadFromJsonAsync<NewDirectory>())!;
        // The address that a customer's identity provider would use is this gateway's, whatever name it has there.
        return (made.Id, new Uri(client.BaseAddress!, new Uri(client.BaseAddress!, made.BaseUrl).AbsolutePath), made.Token);
    }

    /// <summary>The account's pool with a seat that is open: what other stories freed all at once may be kept back.</summary>
    public async Task<Pool> OpenPoolAsync()
    {
        var pool = await PoolAsync();
        if (pool.Free > pool.Held) return pool;
        await ResizeAsync(pool.Id, pool.Used + pool.Held + 1);
        return await PoolAsync();
    }

    public async Task ResizeAsync(Guid pool, int seats)
    {
        using var response = await SendAsync(HttpMethod.Put, $"/api/v1/licenses/pools/{pool}", new { seats }, HttpStatusCode.OK);
    }

    public async Task<Guid> CreateRuleAsync(Guid pool, Guid groupId)
    {
        using var response = await SendAsync(HttpMethod.Post, $"/api/v1/licenses/pools/{pool}/rules", new { kind = "group", groupId }, HttpStatusCode.Created);
        return (await response.Content.ReadFromJsonAsync<NamedItem>())!.Id;
    }

    public async Task DeleteRuleAsync(Guid pool, Guid rule)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"/api/v1/licenses/pools/{pool}/rules/{rule}", null, HttpStatusCode.Accepted);
    }

    /// <summary>Names of those who hold a seat; of up to a thousand.</summary>
    public async Task<IReadOnlySet<string>> LicensedAsync(Guid pool) =>
        (await GetAsync<Page<UserLicenseState>>($"/api/v1/licenses/pools/{pool}/assignments?limit=1000")).Items.Select(item => item.UserName).ToHashSet(StringComparer.Ordinal);

    /// <summary>Directories whose alerts keep seats back.</summary>
    public async Task<IReadOnlySet<Guid>> HoldingAsync() =>
        (await GetAsync<Page<Hold>>("/api/v1/licenses/holds?limit=1000")).Items.Select(hold => hold.DirectoryId).ToHashSet();

    private sealed record Hold(Guid DirectoryId);

    private sealed record NewDirectory(Guid Id, string BaseUrl, string Token);

    private sealed record UserLicenseState(string UserName);
}
