using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Idps;

/// <summary>One run of a file: ids by the names given to them, and the steps.</summary>
internal sealed class RecordedRequestReplay(ScimClient scim)
{
    private static readonly HttpClient Http = new();

    private readonly Dictionary<string, string> named = new() { ["base"] = scim.BaseUrl };

    internal async Task PlayAsync(JsonObject step)
    {
        using var request = Request(step);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == step["expect"]!.GetValue<int>(), $"{(int)response.StatusCode}: {text}");
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        if ((int)response.StatusCode >= 400) CheckError(step, body);
        if ((int)response.StatusCode == 201) Assert.Equal(response.Headers.Location!.ToString(), body!["meta"]!["location"]!.GetValue<string>());
        if ((int)response.StatusCode == 204) Assert.Empty(text);
        AssertNoNulls(body, "");
        if (step["has"] is { } part) AssertHas(Filled(part), body, "");
        foreach (var absent in step["hasNot"]?.AsArray() ?? []) Assert.True(At(body, absent!.GetValue<string>()) is null, $"'{absent}' is there: {text}");
        if (step["as"]?.GetValue<string>() is { } name) named[name] = body!["id"]!.GetValue<string>();
    }

    private HttpRequestMessage Request(JsonObject step)
    {
        var (method, path) = step["send"]!.GetValue<string>().Split(' ', 2) is [var verb, var rest] ? (verb, Fill(rest)) : throw new ArgumentException("\"send\" is METHOD PATH.");
        var request = new HttpRequestMessage(new HttpMethod(method), scim.BaseUrl + path.Replace(" ", "%20", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        if (step["body"] is { } body) request.Content = new StringContent(Fill(body.ToJsonString()), new UTF8Encoding(false), new MediaTypeHeaderValue("application/scim+json"));
        foreach (var (name, value) in step["headers"]?.AsObject() ?? [])
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value!.GetValue<string>());
            else Assert.True(request.Headers.TryAddWithoutValidation(name, Fill(value!.GetValue<string>())));
        }
        return request;
    }

    private static void CheckError(JsonObject step, JsonNode? body)
    {
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", body!["schemas"]![0]!.GetValue<string>());
        Assert.Equal(step["expect"]!.ToString(), body["status"]!.GetValue<string>());
        Assert.Equal(step["scimType"]?.GetValue<string>(), body["scimType"]?.GetValue<string>());
        Assert.False(string.IsNullOrWhiteSpace(body["detail"]?.GetValue<string>()));
    }

    /// <summary>Objects: every member that is expected. Arrays: the same elements, in their order. "*": anything.</summary>
    private static void AssertHas(JsonNode? expected, JsonNode? actual, string where)
    {
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Assert.True(actual is JsonObject there && there.ContainsKey(name), $"{where}/{name} is missing: {actual}");
                    AssertHas(value, actual![name], $"{where}/{name}");
                }
                break;
            case JsonArray elements:
                Assert.True(actual is JsonArray found && found.Count == elements.Count, $"{where} has other elements: {actual}");
                for (var i = 0; i < elements.Count; i++) AssertHas(elements[i], actual![i], $"{where}/{i}");
                break;
            default:
                Assert.True(expected?.ToString() == "*" || JsonNode.DeepEquals(expected, actual), $"{where}: expected {expected}, got {actual}");
                break;
        }
    }

    /// <summary>OneLogin's tests want none, and null means absent.</summary>
    private static void AssertNoNulls(JsonNode? node, string where)
    {
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            Assert.True(value is not null, $"{where}/{name} is null.");
            AssertNoNulls(value, $"{where}/{name}");
        }
        foreach (var element in node as JsonArray ?? []) AssertNoNulls(element, where);
    }

    private static JsonNode? At(JsonNode? body, string path) => path.Split('/').Aggregate(body, (node, name) => node?.GetValueKind() == JsonValueKind.Array ? node[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : node?[name]);

    private JsonNode Filled(JsonNode part) => JsonNode.Parse(Fill(part.ToJsonString()))!;

    private string Fill(string text) => named.Aggregate(text, (filled, pair) => filled.Replace("{" + pair.Key + "}", pair.Value, StringComparison.Ordinal));
}
