using System.Diagnostics;
using System.Net;
using IdpSimulator.Wire;

namespace IdpSimulator.Tests.Wire;

public sealed class RequestKindTests
{
    [Theory]
    [InlineData("PATCH", "Users/0ee30cae…", "PATCH Users/{id}")]
    [InlineData("GET", "Groups/0ee30cae…?excludedAttributes=members", "GET Groups/{id}")]
    [InlineData("GET", "Users?filter=userName eq \"…\"&startIndex=1&count=100", "GET Users?filter")]
    [InlineData("GET", "Users?startIndex=1&count=200", "GET Users?page")]
    [InlineData("POST", "/api/v1/users/0ee30cae…/disable", "POST /api/v1/users/{id}/disable")]
    public void Requests_are_compared_without_ids_and_values(string method, string target, string kind) =>
        Assert.Equal(kind, RequestKind.Of(new Exchange(method, target, HttpStatusCode.OK, TimeSpan.Zero)));

    [Fact]
    public async Task A_pace_is_kept_by_all_who_share_it()
    {
        var pace = new Pace(200);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 61).Select(_ => pace.TurnAsync(default)));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(290), $"60 turns took {watch.Elapsed}");
    }
}
