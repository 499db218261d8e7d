using System.Diagnostics;
using System.Globalization;
using System.Net;
using Testing;

namespace DirectoryService.Tests.Fuzz;

/// <summary>
/// Requests that are nearly right, made from a seed: whatever comes, the answer is SCIM's and no 5xx, and the log stays
/// contiguous. A minute; <c>FUZZ_SECONDS=3600 ./test DirectoryService</c> makes it longer, <c>FUZZ_SEED</c> plays another walk.
/// </summary>
public sealed class FuzzTests(DirectoryFixture fixture, ITestOutputHelper output)
{
    private const int Clients = 4;

    [Fact]
    public async Task No_request_is_answered_by_a_failure_of_the_service()
    {
        var seed = Setting("FUZZ_SEED", 20261124);
        var span = TimeSpan.FromSeconds(Setting("FUZZ_SECONDS", 60));
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("fuzz@example.com");
        var group = await scim.CreateGroupAsync("Fuzz", user);
        var begun = Stopwatch.GetTimestamp();
        var sent = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var requests = new MalformedRequests(new Random(seed + client), user, group);
            var count = 0;
            for (; Stopwatch.GetElapsedTime(begun) < span; count++)
            {
                var (method, path, body) = requests.Next();
                // A machine that stands still for longer than a statement may take is no fault of the request: sent again, it is answered.
                var (answer, _) = await Eventually.BecomesAsync("an answer other than 503", () => scim.SendAsync(method, path, body), answer => answer.Status != HttpStatusCode.ServiceUnavailable);
                var about = $"FUZZ_SEED={seed}, client {client}, request {count}: {method} {path}\n{body}\n{answer.Body}";
                Assert.True((int)answer.Status < 500 || answer.Status == HttpStatusCode.NotImplemented, about);
                if ((int)answer.Status >= 400)
                    Assert.True(answer.Body?["schemas"]?[0]?.GetValue<string>() == "urn:ietf:params:scim:api:messages:2.0:Error", about);
            }
            return count;
        }));
        output.WriteLine($"FUZZ_SEED={seed}: {sent.Sum()} requests");
        Assert.True(sent.Sum() > 50, "Hardly anything was sent.");
        (await scim.GetAsync("/Users?count=1")).Expect(HttpStatusCode.OK);
        Assert.Equal(0L, await fixture.ScalarAsync<long>("""
            SELECT count(*) FROM (SELECT FROM events WHERE directory_id = $1 AND version IS NOT NULL
              GROUP BY aggregate_id HAVING count(*) <> max(version) OR min(version) <> 1) broken
            """, scim.DirectoryId));
    }

    private static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : standard;
}
