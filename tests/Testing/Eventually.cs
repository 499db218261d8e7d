using System.Diagnostics;

namespace Testing;

/// <summary>Awaits a condition with a bound instead of sleeping for a guessed time.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until <paramref name="accept"/> says yes; returns that value and how long it took.</summary>
    /// <exception cref="TimeoutException">Names what was awaited and the last value.</exception>
    public static async Task<(T Value, TimeSpan Took)> BecomesAsync<T>(
        string what, Func<Task<T>> ask, Func<T, bool> accept, TimeSpan? bound = null)
    {
        var watch = Stopwatch.StartNew();
        var limit = bound ?? DefaultBound;
        while (true)
        {
            var value = await ask();
            if (accept(value)) return (value, watch.Elapsed);
            if (watch.Elapsed > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s in vain for: {what}. Last seen: {value}");
            await Task.Delay(Pause);
        }
    }

    public static async Task TrueAsync(string what, Func<Task<bool>> ask, TimeSpan? bound = null) =>
        await BecomesAsync(what, ask, yes => yes, bound);
}
