using System.Collections.Concurrent;

namespace ScimGateway.ApiKeys;

/// <summary>
/// Remembers exchanges for seconds: <c>lifetime</c> for a granted one (never past the token's own end), two for an unknown
/// key, none for no answer. One request per key is under way at a time, however many wait for it, and it does not end
/// with the caller that happened to start it. Keys are remembered as hashes.
/// </summary>
internal sealed class AccessTokenCache(
    Func<string, Task<ExchangeResult>> exchange, TimeSpan lifetime, TimeProvider clock, int capacity = 10_000)
{
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);
    /// <summary>A token that ends while the service reads it helps nobody.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<Remembered>>> entries = new(StringComparer.Ordinal);

    public int Count => entries.Count;

    public async Task<ExchangeResult> GetAsync(string apiKey, CancellationToken cancellationToken)
    {
        var hash = SecretHash.Of(apiKey);
        while (true)
        {
            var mine = new Lazy<Task<Remembered>>(() => ExchangeAsync(apiKey));
            var entry = entries.GetOrAdd(hash, mine);
            // Whoever waited for the answer takes it, however short it holds; only a finished one must still hold.
            var waited = ReferenceEquals(entry, mine) || !entry.Value.IsCompleted;
            try
            {
                var remembered = await entry.Value.WaitAsync(cancellationToken);
                var holds = clock.GetUtcNow() < remembered.Until;
                if (!holds) Forget(hash, entry);
                if (holds || waited) return remembered.Result;
            }
            catch when (entry.Value.IsFaulted)
            {
                Forget(hash, entry);
                throw;
            }
        }
    }

    private async Task<Remembered> ExchangeAsync(string apiKey)
    {
        var asked = clock.GetUtcNow();
        if (entries.Count > capacity) MakeRoom(asked);
        var result = await exchange(apiKey);
        return new(result, result switch
        {
            ExchangeResult.Granted granted => Earlier(asked + lifetime, granted.ExpiresAt - Margin),
            ExchangeResult.UnknownKey => asked + UnknownLifetime,
            _ => DateTimeOffset.MinValue,
        });
    }

    /// <summary>Expired entries go; when that is not enough everything does: a flood of guesses costs a few more exchanges.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (hash, entry) in entries)
        {
            // The caller's own entry is among them, still being made.
            if (entry.IsValueCreated && entry.Value is { IsCompletedSuccessfully: true, Result.Until: var until } && until <= now) Forget(hash, entry);
        }
        if (entries.Count > capacity) entries.Clear();
    }

    private void Forget(string hash, Lazy<Task<Remembered>> entry) => entries.TryRemove(KeyValuePair.Create(hash, entry));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed record Remembered(ExchangeResult Result, DateTimeOffset Until);
}
