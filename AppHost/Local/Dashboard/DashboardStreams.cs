using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Dashboard;

/// <summary>
/// Server-sent events. <c>/api/events</c>: <c>all</c> with every resource, then <c>changed</c> with those that changed.
/// <c>/api/logs/{name|all}?follow</c>: <c>lines</c>, whose event id is a position from which a reader that comes back goes on;
/// <c>reset</c> before it when the position is not (or no longer) known, so that the reader forgets what it has.
/// </summary>
internal static class DashboardStreams
{
    private const string AllResources = "all";

    /// <summary>What happens within it goes out together: quick enough for the eye, and one event instead of hundreds.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    public static void MapDashboardStreams(this IEndpointRouteBuilder routes, ResourceBoard board)
    {
        routes.MapGet("/api/events", (IHostApplicationLifetime lifetime, CancellationToken aborted) =>
            TypedResults.ServerSentEvents(ResourcesAsync(board, lifetime, aborted)));

        routes.MapGet("/api/logs/{name}", IResult (string name, int? limit, string? after, HttpRequest request, IHostApplicationLifetime lifetime, CancellationToken aborted) =>
        {
            var resource = name == AllResources ? null : name;
            if (resource is not null && board.Find(resource) is null) return Problems.NoResource(resource);
            if (!request.Query.ContainsKey("follow")) return TypedResults.Text(AsText(board.Log.Read(resource, limit: limit ?? int.MaxValue)));

            var position = LogPosition.Parse(request.Headers["Last-Event-ID"].FirstOrDefault() ?? after, board.Epoch);
            return TypedResults.ServerSentEvents(LinesAsync(board, resource, position, limit ?? int.MaxValue, lifetime, aborted));
        });
    }

    private static async IAsyncEnumerable<SseItem<IReadOnlyList<ResourceView>>> ResourcesAsync(
        ResourceBoard board, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        var what = "all";
        await foreach (var snapshots in board.WatchAsync(ending.Token))
        {
            yield return new([.. snapshots.Select(ResourceView.Of)], what);
            what = "changed";
            await Task.Delay(Gathering, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async IAsyncEnumerable<SseItem<IReadOnlyList<LogLine>>> LinesAsync(
        ResourceBoard board, string? resource, long? position, int limit, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        if (position is null) yield return new([], "reset");
        await foreach (var lines in board.Log.FollowAsync(resource, position ?? 0, limit, ending.Token))
        {
            yield return new(lines, "lines") { EventId = LogPosition.Format(lines[^1].Sequence, board.Epoch) };
            await Task.Delay(Gathering, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string AsText(IEnumerable<LogLine> lines) => string.Concat(lines.Select(line => string.Create(
        CultureInfo.InvariantCulture, $"{line.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {line.Resource} {Mark(line.Stream)} {AnsiText.Strip(line.Text)}\n")));

    private static string Mark(LogStream stream) => stream switch
    {
        LogStream.Output => "out",
        LogStream.Error => "err",
        LogStream.System => "sys",
    };
}
