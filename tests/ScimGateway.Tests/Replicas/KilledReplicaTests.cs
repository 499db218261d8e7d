using System.Net;
using Microsoft.AspNetCore.Http;
using ScimGateway.Tests.Stubs;
using Testing;

namespace ScimGateway.Tests.Replicas;

public sealed class KilledReplicaTests : IAsyncLifetime
{
    private static readonly string Users = GatewayUnderTest.ScimBase + "/Users";

    /// <summary>Of a directory that nobody has asked for yet: its home may be either replica.</summary>
    private static string UsersOfSomebody => $"/scim/v2/{Guid.NewGuid()}/{Guid.NewGuid()}/Users";

    private StubService one = null!;
    private StubService two = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        one = await StubService.StartAsync("one");
        two = await StubService.StartAsync("two");
        gateway = await GatewayUnderTest.StartAsync([one, two]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task Every_replica_gets_work()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.Client.GetStringAsync(Users)));
        Assert.InRange(one.Requests.Count, 20, 80);
        Assert.InRange(two.Requests.Count, 20, 80);
    }

    [Fact]
    public async Task A_replica_killed_under_load_costs_no_GET_and_only_the_POSTs_in_flight()
    {
        one.Answer = two.Answer = AnswerAfterAMomentAsync;
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 16)
            .Select(worker => Task.Run(() => SendUntilAsync(worker % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, stop.Token)))
            .ToArray();

        await Eventually.TrueAsync("load on the first replica", () => Task.FromResult(one.Requests.Count > 200));
        one.Kill();
        var before = two.Requests.Count;
        await Eventually.TrueAsync("load on the second replica alone", () => Task.FromResult(two.Requests.Count > before + 1_000));
        await stop.CancelAsync();

        var answers = (await Task.WhenAll(load)).SelectMany(x => x).ToList();
        Assert.DoesNotContain(answers, answer => answer is { Method: "GET", Status: not HttpStatusCode.OK });
        var failed = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.All(failed, answer => Assert.Equal(HttpStatusCode.BadGateway, answer.Status));
        Assert.InRange(failed.Count, 0, 8); // one per POST worker: more would be requests that came after the kill
    }

    [Fact]
    public async Task A_POST_that_was_never_sent_goes_to_another_replica_with_its_whole_body()
    {
        two.Answer = async context => await context.Request.Body.CopyToAsync(context.Response.Body);
        one.Kill();
        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.Client.PostAsync(UsersOfSomebody, new StringContent("{\"userName\":\"a\"}", null, "application/scim+json"));
            Assert.Equal("{\"userName\":\"a\"}", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_POST_whose_answer_was_lost_is_not_sent_again()
    {
        one.Answer = two.Answer = context => { context.Abort(); return Task.CompletedTask; };
        using var response = await gateway.Client.PostAsync(Users, new StringContent("{}", null, "application/scim+json"));
        var detail = await ErrorBody.ScimDetailAsync(response, HttpStatusCode.BadGateway);
        Assert.Contains("may or may not", detail, StringComparison.Ordinal);
        Assert.Equal(1, one.Requests.Count + two.Requests.Count);
    }

    /// <summary>
    /// SocketsHttpHandler repeats what has no body when its connection is closed, and the gateway, seeing the next connection
    /// refused, would take it for never sent.
    /// </summary>
    [Theory]
    [InlineData("DELETE")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_write_without_a_body_whose_connection_breaks_is_carried_out_once_and_said_to_be_perhaps_done(string method)
    {
        for (var i = 0; i < 20; i++) await gateway.Client.GetStringAsync(Users); // both replicas have a connection at rest
        one.Requests.Clear();
        two.Requests.Clear();
        one.Answer = two.Answer = context =>
        {
            // Carried out, and the process ends before it answers.
            (one.Requests.IsEmpty ? two : one).Exit();
            return Task.CompletedTask;
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), Users + "/1");
        using var response = await gateway.Client.SendAsync(request);
        var detail = await ErrorBody.ScimDetailAsync(response, HttpStatusCode.BadGateway);
        Assert.Contains("may or may not", detail, StringComparison.Ordinal);
        Assert.Equal(1, one.Requests.Count + two.Requests.Count);
    }

    [Fact]
    public async Task A_write_without_a_body_arrives_without_one()
    {
        var lengths = new List<long?>();
        one.Answer = two.Answer = context =>
        {
            lengths.Add(context.Request.ContentLength);
            return Task.CompletedTask;
        };
        using var response = await gateway.Client.DeleteAsync(Users + "/1");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0], lengths);
    }

    [Fact]
    public async Task A_GET_whose_answer_was_lost_is_asked_once_more_and_no_oftener()
    {
        one.Answer = two.Answer = context => { context.Abort(); return Task.CompletedTask; };
        using var response = await gateway.Client.GetAsync(Users);
        await ErrorBody.ScimDetailAsync(response, HttpStatusCode.BadGateway);
        Assert.Single(one.Requests);
        Assert.Single(two.Requests);
    }

    [Fact]
    public async Task With_every_replica_away_SCIM_clients_are_told_to_come_back()
    {
        one.Kill();
        two.Kill();
        using var response = await gateway.Client.GetAsync(Users);
        await ErrorBody.ScimDetailAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_replica_that_comes_back_gets_work_again()
    {
        one.Kill();
        for (var i = 0; i < 10; i++) Assert.Equal("two", await gateway.Client.GetStringAsync(Users));
        one.Revive();
        await Eventually.BecomesAsync("an answer of the revived replica", () => gateway.Client.GetStringAsync(Users), name => name == "one");
    }

    private async Task<List<(string Method, HttpStatusCode Status)>> SendUntilAsync(HttpMethod method, CancellationToken stop)
    {
        var answers = new List<(string, HttpStatusCode)>();
        while (!stop.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(method, UsersOfSomebody);
            if (method == HttpMethod.Post) request.Content = new StringContent("{}", null, "application/scim+json");
            using var response = await gateway.Client.SendAsync(request, CancellationToken.None);
            answers.Add((method.Method, response.StatusCode));
        }
        return answers;
    }

    /// <summary>Takes a moment, so that there are requests in flight when the replica dies.</summary>
    private static async Task AnswerAfterAMomentAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        await Task.Delay(2);
        await context.Response.WriteAsync("done");
    }
}
