using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScimGateway.Replicas;

namespace ScimGateway.Docs;

/// <summary>What the services say of themselves. One that is away is shown as it last was, and named.</summary>
internal sealed class ServiceDocuments(ServiceCall services)
{
    private readonly ConcurrentDictionary<(string, string), JsonObject> last = new();

    public async Task<ServicePart> AskAsync(string service, string path)
    {
        var told = await services.AskAsync(service, replica => new HttpRequestMessage(HttpMethod.Get, new Uri(replica, path)), ReadAsync);
        if (told is not null) last[(service, path)] = told;
        return new ServicePart(service, told ?? last.GetValueOrDefault((service, path)), IsAway: told is null);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? throw new JsonException("null is no document.");
    }
}

/// <summary>One service's part of a document.</summary>
/// <param name="Document">null: it never told.</param>
internal sealed record ServicePart(string Service, JsonObject? Document, bool IsAway);
