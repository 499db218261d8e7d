using Microsoft.AspNetCore.Http;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Routing;

/// <summary>The feed of membership changes: server-sent events that go on for minutes.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Events_pass_as_they_come_and_keep_alives_keep_the_stream_alive()
    {
        var first = new TaskCompletionSource();
        await using var directory = await StubService.StartAsync("directory");
        await using var policy = await StubService.StartAsync("policy", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await SayAsync(context, "data: first\n\n");
            await first.Task.WaitAsync(Bound);
            // Silence in between is a quarter of what the gateway bears; all of it together is more than that.
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
            for (var n = 0; n < 5 && await pace.WaitForNextTickAsync(); n++) await SayAsync(context, ":\n\n");
            await SayAsync(context, "data: last\n\n");
        });
        await using var gateway = await GatewayUnderTest.StartAsync([directory], [$"services:policy:http:0={policy.Address}", "Gateway:ActivityTimeout=00:00:02"]);

        using var response = await gateway.Client.GetAsync("/api/v1/policies/changes/stream", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: first", await lines.ReadLineAsync().WaitAsync(Bound));
        first.SetResult();
        Assert.Equal("\n:\n\n:\n\n:\n\n:\n\n:\n\ndata: last\n\n", await lines.ReadToEndAsync().WaitAsync(Bound));
    }

    private static async Task SayAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }
}
