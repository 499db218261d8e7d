using ScimGateway.ApiKeys;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.ApiKeys;

public sealed class AccessTokenCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private readonly ManualClock clock = new();
    private int exchanges;

    [Fact]
    public async Task A_granted_token_is_remembered_for_ten_seconds_and_no_longer()
    {
        var cache = Cache(Granted);
        await cache.GetAsync("key", default);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        await cache.GetAsync("key", default);
        Assert.Equal(1, exchanges);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await cache.GetAsync("key", default);
        Assert.Equal(2, exchanges);
    }

    [Fact]
    public async Task A_token_near_its_own_end_is_not_remembered_past_it()
    {
        var cache = Cache(() => new ExchangeResult.Granted("jwt", clock.GetUtcNow() + TimeSpan.FromSeconds(8)));
        await cache.GetAsync("key", default);
        clock.Advance(TimeSpan.FromSeconds(3));
        await cache.GetAsync("key", default);
        Assert.Equal(2, exchanges);
    }

    [Fact]
    public async Task An_unknown_key_is_remembered_for_two_seconds()
    {
        var cache = Cache(() => new ExchangeResult.UnknownKey());
        await cache.GetAsync("key", default);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        await cache.GetAsync("key", default);
        Assert.Equal(1, exchanges);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await cache.GetAsync("key", default);
        Assert.Equal(2, exchanges);
    }

    [Fact]
    public async Task No_answer_is_not_remembered()
    {
        var cache = Cache(() => new ExchangeResult.Unavailable());
        Assert.IsType<ExchangeResult.Unavailable>(await cache.GetAsync("key", default));
        Assert.IsType<ExchangeResult.Unavailable>(await cache.GetAsync("key", default));
        Assert.Equal(2, exchanges);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Many_callers_with_one_key_make_one_exchange_which_outlives_the_one_that_began_it()
    {
        var answer = new TaskCompletionSource<ExchangeResult>();
        var cache = new AccessTokenCache(_ => { Interlocked.Increment(ref exchanges); return answer.Task; }, Lifetime, clock);
        using var impatient = new CancellationTokenSource();
        var first = cache.GetAsync("key", impatient.Token);
        var others = Enumerable.Range(0, 50).Select(_ => cache.GetAsync("key", default)).ToArray();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(Granted());
        Assert.All(await Task.WhenAll(others), result => Assert.IsType<ExchangeResult.Granted>(result));
        Assert.Equal(1, exchanges);
    }

    [Fact]
    public async Task An_exchange_that_throws_is_tried_again()
    {
        var cache = Cache(() => exchanges == 1 ? throw new InvalidOperationException() : Granted());
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("key", default));
        Assert.IsType<ExchangeResult.Granted>(await cache.GetAsync("key", default));
    }

    [Fact]
    public async Task A_flood_of_guesses_does_not_grow_the_memory()
    {
        var cache = new AccessTokenCache(_ => Task.FromResult<ExchangeResult>(new ExchangeResult.UnknownKey()), Lifetime, clock, capacity: 100);
        for (var i = 0; i < 1_000; i++)
        {
            await cache.GetAsync($"guess{i}", default);
            Assert.InRange(cache.Count, 0, 101);
        }
    }

    private ExchangeResult Granted() => new ExchangeResult.Granted("jwt", clock.GetUtcNow() + TimeSpan.FromMinutes(10));

    private AccessTokenCache Cache(Func<ExchangeResult> answer) => new(
        _ =>
        {
            exchanges++;
            return Task.FromResult(answer());
        }, Lifetime, clock);
}
