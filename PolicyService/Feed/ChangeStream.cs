using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PolicyService.Admin;
using PolicyService.Policies;

namespace PolicyService.Feed;

/// <summary>
/// Sends the feed as server-sent events. The id of an event is the position of its record, so that a client that reconnects
/// with <c>Last-Event-ID</c> misses nothing.
/// <code>
/// event: position  where a stream begins     event: change  a record     event: lost  the position has expired: read again
/// :                a comment after 10 s without an event, so that no proxy closes an idle connection
/// </code>
/// The stream ends when its access token expires, so that a revoked key does not keep it open. Clients reconnect by themselves
/// after <c>retry</c>.
/// </summary>
internal sealed class ChangeStream(MembershipFeed feed, FeedSignal signal, IHostApplicationLifetime lifetime, IOptions<FeedOptions> options, TimeProvider clock)
{
    private const int RecordsAtOnce = 100;

    internal async Task WriteAsync(HttpContext http, Guid account, long position, CancellationToken aborted)
    {
        using var expiry = new CancellationTokenSource(Lifetime(http.User), clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping, expiry.Token);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // for a proxy in front of the gateway
        try
        {
            await WriteAsync(http.Response, "retry: 1000\n", ending.Token);
            await EventAsync(http.Response, "position", position, JsonSerializer.Serialize(new FeedPosition(position), PolicyJsonContext.Default.FeedPosition), ending.Token);
            await FollowAsync(http.Response, account, position, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client disconnected, the token expired, or the service stops. The client reconnects with its position.
        }
    }

    private async Task FollowAsync(HttpResponse response, Guid account, long position, CancellationToken ending)
    {
        while (true)
        {
            var slice = await feed.ReadAsync(account, position, RecordsAtOnce, ending);
            if (slice.IsUnavailable)
            {
                await EventAsync(response, "lost", null,
                    JsonSerializer.Serialize(new ExpiredPosition(ChangesEndpoints.Reason(slice), ChangesEndpoints.Detail(slice)), PolicyJsonContext.Default.ExpiredPosition), ending);
                return;
            }
            foreach (var record in slice.Records)
                await EventAsync(response, "change", record.Position, JsonSerializer.Serialize(record, PolicyJsonContext.Default.ChangeRecord), ending);
            position = slice.Next;
            if (position < slice.Newest) continue;
            while (!await signal.WaitAsync(account, position, options.Value.KeepAlive, ending)) await WriteAsync(response, ":\n\n", ending);
        }
    }

    private TimeSpan Lifetime(ClaimsPrincipal admin)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(admin.FindFirstValue("exp")!, CultureInfo.InvariantCulture));
        var left = expires - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <param name="id">Null leaves the client's position as it is.</param>
    /// <param name="json">JSON without line breaks.</param>
    private static Task EventAsync(HttpResponse response, string name, long? id, string json, CancellationToken cancellationToken) => WriteAsync(
        response, (id is { } position ? string.Create(CultureInfo.InvariantCulture, $"id: {position}\n") : "") + $"event: {name}\ndata: {json}\n\n", cancellationToken);

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}

internal sealed record ExpiredPosition(string Reason, string Detail);
