using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IdpSimulator.Cli;

namespace Bench.Running;

/// <summary>A SCIM client that measures; what is not answered as it should be ends the run.</summary>
internal sealed class ScimRequests(DirectoryEndpoint directory, int connections) : IDisposable
{
    private static readonly MediaTypeHeaderValue MediaType = new("application/scim+json");

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false })
    {
        DefaultRequestHeaders = { Authorization = new("Bearer", directory.Token) },
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>Milliseconds until the whole answer is here.</summary>
    internal async Task<double> MeasureAsync(HttpMethod method, string path, string? body, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await SendAsync(method, path, body, expected, cancellationToken);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    internal async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK, cancellationToken))!.AsObject();

    internal async Task<JsonObject> PostAsync(string path, string body, CancellationToken cancellationToken) =>
        JsonNode.Parse(await SendAsync(HttpMethod.Post, path, body, HttpStatusCode.Created, cancellationToken))!.AsObject();

    private async Task<byte[]> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, directory.BaseUrl + path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaType } };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode == expected
            ? answer
            : throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(answer)}");
    }

    public void Dispose() => http.Dispose();
}
