using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace EndToEnd.Tests.Running;

/// <summary>The dashboard's API, with the token of its sign-in link.</summary>
internal sealed class DashboardClient : IDisposable
{
    private readonly HttpClient client;

    public DashboardClient(Uri signIn)
    {
        client = new HttpClient { BaseAddress = new Uri(signIn.GetLeftPart(UriPartial.Authority)) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signIn.Query["?t=".Length..]);
    }

    internal sealed record Resource(string DisplayName, string State, string Health, int? Pid);

    private sealed record Resources(IReadOnlyList<Resource> Items);

    public async Task<Resource> FindAsync(string name) => (await ListAsync()).Single(resource => resource.DisplayName == name);

    public async Task<IReadOnlyList<int>> ProcessesAsync() => [.. (await ListAsync()).Select(resource => resource.Pid).OfType<int>()];

    /// <summary>Whether the command could be carried out in the resource's present state.</summary>
    public async Task<bool> TryAsync(string name, string command)
    {
        using var response = await client.PostAsync($"/api/resources/{name}/{command}", null);
        if (response.StatusCode == HttpStatusCode.Conflict) return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    private async Task<IReadOnlyList<Resource>> ListAsync() => (await client.GetFromJsonAsync<Resources>("/api/resources"))!.Items;

    public void Dispose() => client.Dispose();
}
