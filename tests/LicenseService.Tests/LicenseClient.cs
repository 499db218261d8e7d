using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LicenseService.Tests;

/// <summary>Calls the API as an admin of one account.</summary>
internal sealed class LicenseClient : IDisposable
{
    private readonly HttpClient http;

    internal LicenseClient(string url, string token)
    {
        http = new HttpClient { BaseAddress = new Uri(url + "/api/v1/licenses/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    internal Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    internal Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    /// <param name="body">A string is sent as it is.</param>
    internal async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is string text) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new Answer(
            response.StatusCode, content.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(content),
            response.Headers.Location?.ToString(), response.Headers.RetryAfter?.Delta);
    }

    internal async Task<Guid> PoolAsync(int seats)
    {
        var answer = await PostAsync("pools", new { product = "ZTNA", seats });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body.GetProperty("id").GetGuid();
    }

    internal async Task<int> UsedAsync(Guid pool) => (await GetAsync($"pools/{pool}")).Body.GetProperty("used").GetInt32();

    public void Dispose() => http.Dispose();
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? Location, TimeSpan? RetryAfter)
{
    internal string? Detail => Body.GetProperty("detail").GetString();

    internal string? Reason => Body.GetProperty("reason").GetString();
}
