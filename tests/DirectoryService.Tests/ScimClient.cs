using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests;

/// <summary>A SCIM client of one directory: sends JSON as text, so that tests show what is on the wire.</summary>
public sealed class ScimClient(string baseUrl, string token, Guid directoryId)
{
    private static readonly HttpClient Http = new();

    public string BaseUrl => baseUrl;
    public string Token => token;
    public Guid DirectoryId => directoryId;

    public async Task<Answer> SendAsync(string method, string path, string? json = null, string? ifMatch = null, string? ifNoneMatch = null, bool chunked = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), baseUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, new UTF8Encoding(false), new MediaTypeHeaderValue("application/scim+json"));
        request.Headers.TransferEncodingChunked = chunked;
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject(), response.Headers, response.Content.Headers.ContentType?.MediaType, [.. response.Content.Headers.Allow]);
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> FilterAsync(string type, string filter, string more = "") => GetAsync($"/{type}?filter={Uri.EscapeDataString(filter)}{more}");

    public async Task<Guid> CreateUserAsync(string userName, string more = "") =>
        (await SendAsync("POST", "/Users", $$"""{"userName":"{{userName}}"{{more}}}""")).Expect(HttpStatusCode.Created).Id;

    public async Task<Guid> CreateGroupAsync(string displayName, params Guid[] members) =>
        (await SendAsync("POST", "/Groups", new JsonObject
        {
            ["displayName"] = displayName,
            ["members"] = new JsonArray([.. members.Select(id => new JsonObject { ["value"] = id.ToString() })]),
        }.ToJsonString())).Expect(HttpStatusCode.Created).Id;

    public Task<Answer> PatchAsync(string path, string operations, string query = "") => SendAsync("PATCH", path + query,
        $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""");

    public async Task<IReadOnlyList<Guid>> MembersAsync(Guid group) =>
        [.. ((await GetAsync($"/Groups/{group}")).Expect(HttpStatusCode.OK).Body!["members"] as JsonArray ?? [])
            .Select(member => Guid.Parse(member!["value"]!.GetValue<string>()))];
}

public sealed record Answer(HttpStatusCode Status, JsonObject? Body, HttpResponseHeaders Headers, string? MediaType, IReadOnlyList<string>? Allow = null)
{
    public Guid Id => Guid.Parse(Body!["id"]!.GetValue<string>());
    public bool Active => Body!["active"]!.GetValue<bool>();
    public string? ScimType => Body?["scimType"]?.GetValue<string>();
    public string? Detail => Body?["detail"]?.GetValue<string>();
    public int Total => Body!["totalResults"]!.GetValue<int>();

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Body}");
        return this;
    }

    /// <summary>An error of the given status and keyword, in SCIM's form.</summary>
    public Answer Refused(int status, string? scimType)
    {
        Assert.True((int)Status == status && ScimType == scimType, $"Expected {status} {scimType}, got {(int)Status}: {Body}");
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", Body!["schemas"]![0]!.GetValue<string>());
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Body["status"]!.GetValue<string>());
        Assert.Equal("application/scim+json", MediaType);
        Assert.False(string.IsNullOrWhiteSpace(Detail));
        return this;
    }
}
