using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Projections;

namespace ServiceDefaults.Lag;

/// <summary>
/// Measures the service's queues every few seconds, for gauges and for warnings when the queue keeps growing or when there are
/// dead letters.
/// </summary>
internal sealed partial class QueueLagMonitor : BackgroundService
{
    internal const long Threshold = 1_000;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly QueueDepth queue;
    private readonly TimeProvider clock;
    private readonly ILogger<QueueLagMonitor> log;
    private readonly BackgroundLoop loop;
    private readonly Meter meter = new("Provisioning.Facts");
    private long queued;
    private long setAside;
    private bool alerted;

    public QueueLagMonitor(QueueDepth queue, FactBatcher batcher, TimeProvider clock, ILogger<QueueLagMonitor> log)
    {
        (this.queue, this.clock, this.log) = (queue, clock, log);
        loop = new BackgroundLoop("The look at the queue of facts", clock, log);
        meter.CreateObservableGauge("provisioning.facts.queued", () => Volatile.Read(ref queued), "{fact}", "Facts that wait in this service's queue");
        meter.CreateObservableGauge("provisioning.facts.pending", () => batcher.Pending.Count, "{fact}", "Facts that this replica took from the queue and has not applied yet");
        meter.CreateObservableGauge("provisioning.facts.dead_lettered", () => SetAside, "{fact}", "Facts that could not be applied and wait in the error queue to be tried again");
        meter.CreateObservableGauge("provisioning.facts.backlog_growing", () => Trend.Growing ? 1 : 0, description: "1 while the queue grows past a thousand facts");
    }

    internal LagTrend Trend { get; } = new(Window, Threshold);

    /// <summary>Number of dead letters at the last measurement.</summary>
    internal long SetAside => Volatile.Read(ref setAside);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Every, MeasureAsync, stoppingToken);

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var now = await queue.CountAsync(cancellationToken);
        Volatile.Write(ref queued, now.Ready);
        Trend.Add(clock.GetUtcNow(), now.Ready);
        if (Trend.Growing && !alerted) QueueGrows(now.Ready);
        alerted = Trend.Growing;
        if (now.SetAside > 0 && SetAside == 0) DeadLettersFound(now.SetAside);
        Volatile.Write(ref setAside, now.SetAside);
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The queue of facts grows: {Queued} facts are waiting. More replicas of this service may help")]
    private partial void QueueGrows(long queued);

    [LoggerMessage(LogLevel.Warning, "{SetAside} facts could not be applied and are in the error queue; they are retried automatically. The log entries of the failures say why")]
    private partial void DeadLettersFound(long setAside);
}
