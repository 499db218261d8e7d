using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IdpSimulator.Cli;

namespace Bench.Running;

/// <summary>The admin API through the gateway; what is not answered with success ends the run.</summary>
internal sealed class AdminApi(SystemEndpoints endpoints) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = new Uri(endpoints.Gateway, "/api/v1/"),
        DefaultRequestHeaders = { Authorization = new("Bearer", endpoints.AdminApiKey) },
        Timeout = TimeSpan.FromMinutes(2),
    };

    internal Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>The answer's body; empty when it has none.</summary>
    internal async Task<JsonObject> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    internal async Task<Guid> CreateAsync(string path, object body, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, path, body, cancellationToken))["id"]!.GetValue<Guid>();

    /// <summary>The account's pool of licenses.</summary>
    internal async Task<Pool> PoolAsync(CancellationToken cancellationToken)
    {
        var pool = (await GetAsync("licenses/pools", cancellationToken))["items"]![0]!;
        return new Pool(pool["id"]!.GetValue<Guid>(), Number("seats"), Number("used"), Number("held"));

        int Number(string name) => pool[name]!.GetValue<int>();
    }

    public void Dispose() => http.Dispose();
}

internal sealed record Pool(Guid Id, int Seats, int Used, int Held);
