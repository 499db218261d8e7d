using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdpSimulator.Wire;

/// <summary>
/// A tenant's HTTP connection to one SCIM base URL: sends as the provider does, records every exchange, and throws
/// <see cref="UnexpectedAnswerException"/> for a status that the provider would not accept.
/// </summary>
public sealed class ScimWire : IDisposable
{
    private const int Patience = 10;
    private readonly HttpClient client;
    private readonly ScimDialect dialect;
    private readonly Recorder recorder;
    private readonly Pace pace;

    public ScimWire(Uri baseUrl, string token, ScimDialect dialect, Recorder recorder, Pace? pace = null)
    {
        // Without the slash the last segment, the directory's id, would be replaced by "Users".
        client = new HttpClient { BaseAddress = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.Accept.ParseAdd("application/scim+json");
        if (dialect.UserAgent is { } agent) client.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        this.dialect = dialect;
        this.recorder = recorder;
        this.pace = pace ?? Pace.Unbounded;
    }

    public Task<ScimAnswer> GetAsync(string target, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, target, null, [HttpStatusCode.OK], cancellationToken);

    public Task<ScimAnswer> SendAsync(HttpMethod method, string target, JsonObject? body, HttpStatusCode expected, CancellationToken cancellationToken) =>
        SendAsync(method, target, body, [expected], cancellationToken);

    /// <param name="method">The request's method.</param>
    /// <param name="target">Path and query below the base URL, without a leading slash.</param>
    /// <param name="body">Sent as the provider's media type.</param>
    /// <param name="expected">Statuses that the provider goes on with.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<ScimAnswer> SendAsync(HttpMethod method, string target, JsonObject? body, HttpStatusCode[] expected, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await pace.TurnAsync(cancellationToken);
            using var request = new HttpRequestMessage(method, new Uri(dialect.Target(target), UriKind.Relative));
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), dialect.ContentType);
            var watch = Stopwatch.StartNew();
            using var response = await AnswerAsync(request, target, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            recorder.Add(new Exchange(method.Method, PersonalData.Shorten(target), response.StatusCode, watch.Elapsed));

            // Every provider waits out a 429; Okta only one whose Retry-After is in whole seconds.
            if (response.StatusCode == HttpStatusCode.TooManyRequests && attempt < Patience && response.Headers.RetryAfter?.Delta is { } wait)
            {
                await Task.Delay(wait, cancellationToken);
                continue;
            }
            return expected.Contains(response.StatusCode)
                ? new ScimAnswer(response.StatusCode, Parse(text), response.Headers.Location)
                : throw new UnexpectedAnswerException(
                    $"{method} {PersonalData.Shorten(target)}", string.Join(" or ", expected.Select(status => (int)status)), Describe(response.StatusCode, text));
        }
    }

    /// <summary>Okta waits 60 s for an answer, and so does everybody here.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, string target, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, cancellationToken);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnexpectedAnswerException($"{request.Method} {PersonalData.Shorten(target)}", "an answer within 60 s", "none");
        }
    }

    private static JsonObject? Parse(string text) => text.Length == 0 ? null : JsonNode.Parse(text)?.AsObject();

    private static string Describe(HttpStatusCode status, string text)
    {
        try
        {
            var detail = Parse(text)?["detail"]?.GetValue<string>();
            return $"{(int)status}: {detail ?? "(no detail)"}";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return $"{(int)status} with a body that is no SCIM error";
        }
    }

    public void Dispose() => client.Dispose();
}
