using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace PolicyService.Tests;

/// <summary>Calls the API as an admin of one account.</summary>
internal sealed class PolicyClient : IDisposable
{
    private readonly HttpClient http;

    internal PolicyClient(string url, string token)
    {
        http = new HttpClient { BaseAddress = new Uri(url + "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    internal Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    internal Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    internal Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    /// <param name="body">A string is sent as it is.</param>
    private async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is string text) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new Answer(
            response.StatusCode, content.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(content),
            response.Headers.Location?.ToString());
    }

    internal Task<Guid> PolicyAsync(string name, params Guid[] groupIds) => PolicyAsync(new { name, groupIds });

    internal async Task<Guid> PolicyAsync(object body)
    {
        var answer = await PostAsync("policies", body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body.GetProperty("id").GetGuid();
    }

    /// <summary>All members, page by page: <c>user name via group, group</c>.</summary>
    internal async Task<List<string>> MembersAsync(Guid policy, int limit = 100) =>
        [.. (await MemberItemsAsync(policy, limit)).Select(item => item.GetProperty("userName").GetString() + Via(item))];

    internal async Task<List<JsonElement>> MemberItemsAsync(Guid policy, int limit = 100)
    {
        var items = new List<JsonElement>();
        var path = $"policies/{policy}/members?limit={limit}";
        while (true)
        {
            var answer = await GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            items.AddRange(answer.Body.GetProperty("items").EnumerateArray());
            if (answer.Body.GetProperty("next").GetString() is not { } next) return items;
            path = $"policies/{policy}/members?limit={limit}&after={next}";
        }
    }

    /// <summary>The policies of a user: <c>name via group, group</c>.</summary>
    internal async Task<List<string>> PoliciesOfAsync(Guid user)
    {
        var answer = await GetAsync($"users/{user}/policies");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString() + Via(item))];
    }

    /// <summary>The reasons: <c> via group, group direct directory Name everyone</c>, those that there are.</summary>
    internal static string Via(JsonElement item)
    {
        var groups = item.GetProperty("viaGroups").EnumerateArray().Select(group => group.GetProperty("displayName").GetString()).ToList();
        return (groups is [] ? "" : " via " + string.Join(", ", groups))
            + (item.GetProperty("direct").GetBoolean() ? " direct" : "")
            + (item.GetProperty("viaDirectory") is { ValueKind: JsonValueKind.Object } directory ? " directory " + directory.GetProperty("name").GetString() : "")
            + (item.GetProperty("everyone").GetBoolean() ? " everyone" : "");
    }

    public void Dispose() => http.Dispose();
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? Location)
{
    internal string? Detail => Body.GetProperty("detail").GetString();

    internal string? Reason => Body.GetProperty("reason").GetString();
}
