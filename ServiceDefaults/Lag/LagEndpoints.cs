using System.Collections.Concurrent;
using System.Security.Claims;
using Contracts.State.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;

namespace ServiceDefaults.Lag;

/// <summary>How far this service is behind the directory.</summary>
/// <param name="Events">All that wait: unpublished ones of this account, those in the service's queue and hands, and those set aside.</param>
/// <param name="Seconds">Age of the oldest of them, as far as it is known (of those in the queue and set aside it is not); 0 when none wait.</param>
/// <param name="Growing">More wait than a minute ago, and more than a thousand.</param>
/// <param name="Unpublished">Of them, those that the directory has not published yet; of this account.</param>
/// <param name="Queued">Of them, those in the queue of this service (estimated from its messages) and in the hands of the replica that answers; of all accounts.</param>
/// <param name="Parked">Of the unpublished ones, those that could not be published and wait for an operator.</param>
/// <param name="SetAside">
/// Those that could not be applied and were set aside, as messages (nearly all of one fact); of all accounts. They are tried again by themselves.
/// </param>
/// <param name="Waiting">This replica holds facts and waits for its database, which does not answer.</param>
public sealed record LagView(
    long Events, double Seconds, bool Growing, long Unpublished, long Queued, long Parked, long SetAside, bool Waiting);

/// <summary><c>…/lag</c> of a service that keeps projections.</summary>
public static class LagEndpoints
{
    public static void MapLag(this RouteGroupBuilder service) =>
        service.MapGet("/lag", GetAsync).WithSummary("How far this service is behind the directory: events and seconds");

    private static async Task<Results<Ok<LagView>, ProblemHttpResult>> GetAsync(
        ClaimsPrincipal admin, HttpContext http, DirectoryStateClient feed, QueueDepth queue, FactBatcher batcher, QueueLagMonitor watch, BacklogTrends trends,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            var backlog = await feed.BacklogAsync(http.AccessToken(), cancellationToken);
            var queued = await queue.CountAsync(cancellationToken);
            var now = clock.GetUtcNow();
            return TypedResults.Ok(Of(backlog, queued, batcher, watch.Trend.Growing | trends.Grows(admin.AccountId(), now, backlog.Events), now));
        }
        catch (HttpRequestException)
        {
            return Away("The directory service, which knows what is not published yet, cannot be reached.");
        }
        catch (BrokerUnavailableException)
        {
            return Away("The message broker, in whose queue facts wait, cannot be reached.");
        }
    }

    private static ProblemHttpResult Away(string what) =>
        AdminProblem.Of(StatusCodes.Status503ServiceUnavailable, what + " Try again in a moment; facts are not lost meanwhile.", "unavailable");

    private static LagView Of(Backlog backlog, QueuedFactCount queued, FactBatcher batcher, bool growing, DateTimeOffset now)
    {
        var inHand = batcher.Pending;
        var oldest = new[] { backlog.Oldest, inHand.Oldest }.Min() ?? now;
        return new LagView(
            backlog.Events + queued.Total + inHand.Count, Math.Round(Math.Max(0, (now - oldest).TotalSeconds), 3), growing,
            backlog.Events, queued.Ready + inHand.Count, backlog.Parked, queued.SetAside, batcher.FailedTries > 0);
    }
}

/// <summary>Trend of the directory's backlog per account, sampled when it is requested.</summary>
internal sealed class BacklogTrends
{
    private readonly ConcurrentDictionary<Guid, LagTrend> accounts = new();

    internal bool Grows(Guid account, DateTimeOffset now, long waiting)
    {
        var trend = accounts.GetOrAdd(account, _ => new LagTrend(QueueLagMonitor.Window, QueueLagMonitor.Threshold));
        trend.Add(now, waiting);
        return trend.Growing;
    }
}
