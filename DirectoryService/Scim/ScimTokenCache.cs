using System.Collections.Concurrent;
using DirectoryService.Admin.Access;

namespace DirectoryService.Scim;

/// <summary>
/// Caches validated SCIM tokens for <see cref="Kept"/>, so that a request needs no database look-up. A revocation takes effect
/// on every replica within that time (design: at most 10 s).
/// </summary>
internal sealed class ScimTokenCache(ScimTokenTable tokens, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private const int Limit = 10_000;

    private sealed record CacheEntry(ScimTokenTable.LiveToken Token, DateTimeOffset Until);

    private readonly ConcurrentDictionary<string, CacheEntry> entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> touched = new(StringComparer.Ordinal);

    /// <summary>Returns the token's directory; null when the token is not live.</summary>
    internal async ValueTask<DirectoryContext?> AuthenticateAsync(string? bearer, CancellationToken cancellationToken)
    {
        if (bearer is null || Secret.Parse(Secret.Scim, bearer) is not { } secret) return null;
        var now = clock.GetUtcNow();
        if (!entries.TryGetValue(secret.KeyId, out var entry) || entry.Until <= now)
        {
            if (await tokens.FindAsync(secret.KeyId, cancellationToken) is not { } found)
            {
                entries.TryRemove(secret.KeyId, out _);
                return null;
            }
            entry = new CacheEntry(found, now + Kept);
            if (entries.Count >= Limit) entries.Clear();
            if (secret.Proves(found.Hash)) entries[secret.KeyId] = entry;
        }
        if (!secret.Proves(entry.Token.Hash) || entry.Token.ExpiresAt <= now) return null;
        await TouchAsync(secret.KeyId, now, cancellationToken);
        return entry.Token.Directory;
    }

    /// <summary>Stores "last used" with a resolution of a minute: one write per token and minute.</summary>
    private async ValueTask TouchAsync(string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (touched.TryGetValue(keyId, out var last) && now - last < TouchEvery) return;
        if (touched.Count >= Limit) touched.Clear();
        touched[keyId] = now;
        await tokens.TouchAsync(keyId, now, cancellationToken);
    }
}
