using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace ScimGateway.Docs;

/// <summary>
/// A public document, made at most every half minute however often it is asked for, and by one request at a time; one that
/// lacks a part is made again after two seconds.
/// </summary>
/// <param name="make">null: there is nothing to show.</param>
internal sealed class PublishedDocument(Func<Task<(JsonObject Document, bool IsWhole)?>> make, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LifetimeInParts = TimeSpan.FromSeconds(2);

    // JSON for people and machines, never part of a page: it stays readable.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SemaphoreSlim making = new(1);
    private Edition? edition;

    public async Task<Edition> GetAsync(CancellationToken cancellationToken)
    {
        if (Current() is { } current) return current;
        await making.WaitAsync(cancellationToken);
        try
        {
            return Current() ?? (edition = await MakeAsync());
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private Edition? Current() => edition is { } last && clock.GetUtcNow() < last.Until ? last : null;

    private async Task<Edition> MakeAsync()
    {
        var made = await make();
        var json = made is { } some ? JsonSerializer.SerializeToUtf8Bytes(some.Document, Readable) : null;
        return new Edition(json, json is null ? null : new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\""),
            clock.GetUtcNow() + (made is { IsWhole: true } ? Lifetime : LifetimeInParts));
    }

    /// <param name="Json">null: there is nothing to show at the moment.</param>
    internal sealed record Edition(byte[]? Json, EntityTagHeaderValue? Tag, DateTimeOffset Until);
}
