using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IdpSimulator.Wire;

namespace EndToEnd.Tests.Faults;

/// <summary>
/// SCIM as an identity provider sends it to a system that is being hurt: what was not acknowledged is sent again until it is, and
/// a create that is then refused as a double was carried out the first time.
/// </summary>
internal sealed class PersistentClient : IDisposable
{
    private const string MediaType = "application/scim+json";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient http;
    private readonly Pace pace;

    public PersistentClient(Uri baseUrl, string token, Pace pace)
    {
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(baseUrl.ToString().TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        this.pace = pace;
    }

    /// <summary>Answers that were no success, and requests that had no answer.</summary>
    public int Failures => failures;

    private int failures;

    public async Task<string> CreateAsync(string type, string naming, string name, JsonObject body)
    {
        using var response = await SendAsync(HttpMethod.Post, type, body, HttpStatusCode.Created, HttpStatusCode.Conflict);
        if (response.StatusCode == HttpStatusCode.Created) return (await JsonAsync(response))["id"]!.GetValue<string>();
        using var found = await SendAsync(HttpMethod.Get, $"{type}?filter={Uri.EscapeDataString($"{naming} eq \"{name}\"")}", null, HttpStatusCode.OK);
        return Assert.Single((await JsonAsync(found))["Resources"]!.AsArray())!["id"]!.GetValue<string>();
    }

    public async Task PatchAsync(string path, JsonObject operation)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"), ["Operations"] = new JsonArray(operation) };
        (await SendAsync(HttpMethod.Patch, path, body, HttpStatusCode.OK, HttpStatusCode.NoContent)).Dispose();
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);
        return await JsonAsync(response);
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body, params HttpStatusCode[] expected)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await pace.TurnAsync(default);
            string trouble;
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, MediaType) };
                var response = await http.SendAsync(request);
                if (expected.Contains(response.StatusCode)) return response;
                trouble = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
                var mayPass = response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests;
                response.Dispose();
                if (!mayPass) throw new InvalidOperationException($"{method} {path} answered {trouble}");
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                trouble = error.Message;
            }

            Interlocked.Increment(ref failures);
            if (watch.Elapsed > Patience) throw new TimeoutException($"{method} {path} got no success for {Patience.TotalMinutes:0} minutes; last: {trouble}");
            await Task.Delay(Pause);
        }
    }
}
