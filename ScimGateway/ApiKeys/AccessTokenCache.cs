using System.Collections.Concurrent;

namespace ScimGateway.ApiKeys;

/// <summary>
/// Caches exchanges: <c>lifetime</c> for a granted token (never longer than the token's own expiry), two seconds for an unknown
/// key, not at all without an answer. One exchange per key runs at a time for all callers, and it is not cancelled with the
/// caller that started it. Keys are cached as hashes.
/// </summary>
internal sealed class AccessTokenCache(
    Func<string, Task<ExchangeResult>> exchange, TimeSpan lifetime, TimeProvider clock, int capacity = 10_000)
{
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);
    /// <summary>A token is not used for the last seconds before it expires, so that it does not expire on the way to the service.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<CachedExchange>>> entries = new(StringComparer.Ordinal);

    public int Count => entries.Count;

    public async Task<ExchangeResult> GetAsync(string apiKey, CancellationToken cancellationToken)
    {
        var hash = SecretHash.Of(apiKey);
        while (true)
        {
            var mine = new Lazy<Task<CachedExchange>>(() => ExchangeAsync(apiKey));
            var entry = entries.GetOrAdd(hash, mine);
            // A caller that waited for the exchange uses its result, however soon it expires; a cached result must still be
            // valid.
            var waited = ReferenceEquals(entry, mine) || !entry.Value.IsCompleted;
            try
            {
                var remembered = await entry.Value.WaitAsync(cancellationToken);
                var holds = clock.GetUtcNow() < remembered.Until;
                if (!holds) Remove(hash, entry);
                if (holds || waited) return remembered.Result;
            }
            catch when (entry.Value.IsFaulted)
            {
                Remove(hash, entry);
                throw;
            }
        }
    }

    private async Task<CachedExchange> ExchangeAsync(string apiKey)
    {
        var asked = clock.GetUtcNow();
        if (entries.Count > capacity) EvictExpired(asked);
        var result = await exchange(apiKey);
        return new(result, result switch
        {
            ExchangeResult.Granted granted => Earlier(asked + lifetime, granted.ExpiresAt - Margin),
            ExchangeResult.UnknownKey => asked + UnknownLifetime,
            _ => DateTimeOffset.MinValue,
        });
    }

    /// <summary>
    /// Removes expired entries, and all entries if that is not enough: a flood of guessed keys costs a few more exchanges.
    /// </summary>
    private void EvictExpired(DateTimeOffset now)
    {
        foreach (var (hash, entry) in entries)
        {
            // The caller's own entry is also in the cache and not completed yet.
            if (entry.IsValueCreated && entry.Value is { IsCompletedSuccessfully: true, Result.Until: var until } && until <= now) Remove(hash, entry);
        }
        if (entries.Count > capacity) entries.Clear();
    }

    private void Remove(string hash, Lazy<Task<CachedExchange>> entry) => entries.TryRemove(KeyValuePair.Create(hash, entry));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed record CachedExchange(ExchangeResult Result, DateTimeOffset Until);
}
