using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Testing;

/// <summary>
/// What a service says to requests that it cannot take: everything that the document names is sent wrongly in every way, and
/// each answer is a problem with a detail in words of the API.
/// </summary>
public static partial class ApiRefusals
{
    /// <summary>Bodies that no operation takes.</summary>
    private static readonly string[] Bodies = ["null", "[]", "7", "\"text\"", "true", "{", "{\"", "{\"a\":}", "", "\0", """{"nobody":1}""", "[1,2"];

    /// <summary>Values that no member takes, whatever it is; the last ones are right for some.</summary>
    private static readonly string[] Wrong = ["{\"a\":[]}", "[[[1]]]", "[{}]", "1.5e400", "[null]", "true", "-1", "\"\\u0000\"", "\"\\ud800\""];

    /// <summary>Complaints; empty when every refusal says what is wrong.</summary>
    public static async Task<string> ComplaintsAsync(string serviceUrl, string accessToken)
    {
        var document = await ApiDescription.ReadAsync(serviceUrl);
        using var client = new HttpClient { BaseAddress = new Uri(serviceUrl) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var complaints = new List<string>();
        foreach (var (template, item) in document.Paths)
        {
            var path = Parameter().Replace(template, match => match.Value == "{action}" ? "enable" : Guid.NewGuid().ToString());
            foreach (var (method, operation) in item.Operations!)
            {
                foreach (var (request, mustFail) in Requests(method, path, operation))
                {
                    using (request)
                    {
                        var sent = $"{method} {template} {request.RequestUri!.OriginalString[path.Length..]} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())}";
                        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                        if (await ComplaintAsync(answer, mustFail) is { } complaint) complaints.Add($"{sent} → {complaint}");
                    }
                }
            }
        }
        complaints.AddRange(await OfTheFrameworkAsync(client, document));
        return string.Join('\n', complaints);
    }

    private static IEnumerable<(HttpRequestMessage Request, HttpStatusCode? MustFail)> Requests(HttpMethod method, string path, OpenApiOperation operation)
    {
        yield return (new HttpRequestMessage(method, path + "?nobody=1"), HttpStatusCode.BadRequest);
        foreach (var parameter in operation.Parameters?.Where(parameter => parameter.In == ParameterLocation.Query) ?? [])
        {
            var isText = parameter.Schema!.Type?.HasFlag(JsonSchemaType.String) == true && parameter.Schema.Format is null;
            foreach (var value in (string[])["me", "1.5", "99999999999999999999", "2026-13-01"])
                yield return (new HttpRequestMessage(method, $"{path}?{parameter.Name}={value}"), isText ? null : HttpStatusCode.BadRequest);
            yield return (new HttpRequestMessage(method, $"{path}?{parameter.Name}=%00"), HttpStatusCode.BadRequest);
            if (parameter.Name == "limit")
                foreach (var value in (string[])["0", "-3", "100000"]) yield return (new HttpRequestMessage(method, $"{path}?limit={value}"), HttpStatusCode.BadRequest);
        }
        if (operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema is not { } schema) yield break;
        foreach (var body in Bodies) yield return (WithBody(body), HttpStatusCode.BadRequest);
        yield return (WithBody("{}", "text/plain"), HttpStatusCode.UnsupportedMediaType);
        yield return (new HttpRequestMessage(method, path), null);
        foreach (var member in schema.Properties?.Keys ?? [])
        {
            foreach (var value in Wrong) yield return (WithBody($$"""{"{{member}}":{{value}}}"""), null);
            yield return (WithBody($$"""{"{{member}}":{"a":1},"{{member}}":[{"a":1}]}"""), HttpStatusCode.BadRequest);
        }

        HttpRequestMessage WithBody(string body, string type = "application/json") => new(method, path) { Content = new StringContent(body, Encoding.UTF8, type) };
    }

    private static async Task<List<string>> OfTheFrameworkAsync(HttpClient client, OpenApiDocument document)
    {
        var complaints = new List<string>();
        foreach (var (method, path, status) in ((HttpMethod, string, HttpStatusCode)[])[
            (HttpMethod.Get, "/api/v1/nothing/at/all", HttpStatusCode.NotFound), (HttpMethod.Trace, document.Paths.Keys.First(key => !key.Contains('{', StringComparison.Ordinal)), HttpStatusCode.MethodNotAllowed)])
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await client.SendAsync(request);
            if (await ComplaintAsync(answer, status) is { } complaint) complaints.Add($"{method} {path} → {complaint}");
        }
        return complaints;
    }

    private static async Task<string?> ComplaintAsync(HttpResponseMessage answer, HttpStatusCode? mustFail)
    {
        if (answer.IsSuccessStatusCode) return mustFail is null ? null : $"{(int)answer.StatusCode}, which is a success";
        var text = await answer.Content.ReadAsStringAsync();
        if (mustFail is { } status && answer.StatusCode != status) return $"{(int)answer.StatusCode} where {(int)status} belongs: {text}";
        if ((int)answer.StatusCode >= 500) return $"{(int)answer.StatusCode}: {text}";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"{answer.Content.Headers.ContentType} is no problem: {text}";
        if (!JsonDocument.Parse(text).RootElement.TryGetProperty("detail", out var detail) || detail.GetString() is not { Length: > 10 }) return "no detail: " + text;
        return Internal().Match(text) is { Success: true } match ? $"'{match.Value}' is no word of the API: {text}" : null;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"Nullable|Guid|Int32|Int64|System\.|String\b|IReadOnlyList|DateTimeOffset|(License|Policy|Directory)Service\.|ServiceDefaults|Failed to|LineNumber|BytePosition|could not be converted|Did you mean|FromServices|FromBody|\.NET|Path: |Exception|parameter """)]
    private static partial Regex Internal();
}
