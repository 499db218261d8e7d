using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScimGateway.Replicas;

namespace ScimGateway.Docs;

/// <summary>
/// Reads the OpenAPI documents of the services. For a service that does not answer, the last document is used and marked.
/// </summary>
internal sealed class ServiceDocuments(ServiceCall services)
{
    private readonly ConcurrentDictionary<(string, string), JsonObject> last = new();

    public async Task<ServiceDocument> AskAsync(string service, string path)
    {
        var told = await services.AskAsync(service, replica => new HttpRequestMessage(HttpMethod.Get, new Uri(replica, path)), ReadAsync);
        if (told is not null) last[(service, path)] = told;
        return new ServiceDocument(service, told ?? last.GetValueOrDefault((service, path)), IsAway: told is null);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? throw new JsonException("null is no document.");
    }
}

/// <summary>One service's part of a document.</summary>
/// <param name="Document">Null when the service has never answered.</param>
internal sealed record ServiceDocument(string Service, JsonObject? Document, bool IsAway);
