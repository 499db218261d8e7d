using System.Net;
using IdpSimulator.Wire;

namespace IdpSimulator.Tests.Wire;

public sealed class LatenciesTests
{
    [Fact]
    public void Percentiles_are_by_nearest_rank()
    {
        var exchanges = Enumerable.Range(1, 100).Reverse().Select(ms => new Exchange("GET", "", HttpStatusCode.OK, TimeSpan.FromMilliseconds(ms)));
        Assert.Equal(new Latencies(100, 50, 95, 99, 100), Latencies.Of(exchanges));
    }

    [Fact]
    public void One_exchange_is_every_percentile()
    {
        var exchange = new Exchange("GET", "", HttpStatusCode.OK, TimeSpan.FromMilliseconds(7));
        Assert.Equal(new Latencies(1, 7, 7, 7, 7), Latencies.Of([exchange]));
        Assert.Equal(new Latencies(0, 0, 0, 0, 0), Latencies.Of([]));
    }

    [Theory]
    [InlineData("Users?filter=userName%20eq%20%22jane%40example.com%22&startIndex=1", "Users?filter=userName eq \"…\"&startIndex=1")]
    [InlineData("Groups/0ee30cae-1da5-4a9c-8d23-ddeeb4e3ad29?excludedAttributes=members", "Groups/0ee30cae…?excludedAttributes=members")]
    public void A_target_is_shortened_without_personal_data(string target, string shown) =>
        Assert.Equal(shown, PersonalData.Shorten(target));
}
