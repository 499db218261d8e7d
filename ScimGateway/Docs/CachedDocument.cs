using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace ScimGateway.Docs;

/// <summary>
/// Caches a public document. It is built at most every 30 s, by one request at a time; a document that lacks the part of a
/// service is built again after 2 s.
/// </summary>
/// <param name="make">Builds the document; null when there is none.</param>
internal sealed class CachedDocument(Func<Task<(JsonObject Document, bool IsWhole)?>> make, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LifetimeInParts = TimeSpan.FromSeconds(2);

    // The JSON is never embedded in HTML, so characters need no escaping and stay readable.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SemaphoreSlim making = new(1);
    private DocumentVersion? edition;

    public async Task<DocumentVersion> GetAsync(CancellationToken cancellationToken)
    {
        if (Current() is { } current) return current;
        await making.WaitAsync(cancellationToken);
        try
        {
            return Current() ?? (edition = await BuildAsync());
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private DocumentVersion? Current() => edition is { } last && clock.GetUtcNow() < last.Until ? last : null;

    private async Task<DocumentVersion> BuildAsync()
    {
        var made = await make();
        var json = made is { } some ? JsonSerializer.SerializeToUtf8Bytes(some.Document, Readable) : null;
        return new DocumentVersion(json, json is null ? null : new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\""),
            clock.GetUtcNow() + (made is { IsWhole: true } ? Lifetime : LifetimeInParts));
    }

    /// <param name="Json">Null when no document could be built.</param>
    internal sealed record DocumentVersion(byte[]? Json, EntityTagHeaderValue? Tag, DateTimeOffset Until);
}
