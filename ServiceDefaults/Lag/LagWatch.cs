using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Lag;

/// <summary>Looks at the service's queue every few seconds: a gauge, and a warning when it grows and goes on growing.</summary>
internal sealed partial class LagWatch : BackgroundService
{
    internal const long Threshold = 1_000;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly QueueDepth queue;
    private readonly TimeProvider clock;
    private readonly ILogger<LagWatch> log;
    private readonly Meter meter = new("Provisioning.Facts");
    private long queued;
    private bool alerted;

    public LagWatch(QueueDepth queue, TimeProvider clock, ILogger<LagWatch> log)
    {
        (this.queue, this.clock, this.log) = (queue, clock, log);
        meter.CreateObservableGauge("provisioning.facts.queued", () => Volatile.Read(ref queued), description: "Facts that wait in this service's queue");
        meter.CreateObservableGauge("provisioning.facts.growing", () => Trend.Growing ? 1 : 0, description: "1 while the queue grows past a thousand facts");
    }

    internal LagTrend Trend { get; } = new(Window, Threshold);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (; ; await Task.Delay(Every, clock, stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It is stopped, as any background service is.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = await queue.CountAsync(cancellationToken);
            Volatile.Write(ref queued, now);
            Trend.Add(clock.GetUtcNow(), now);
            if (Trend.Growing && !alerted) Grows(now);
            alerted = Trend.Growing;
        }
        catch (Exception error) when (QueueDepth.IsAway(error))
        {
            // The bus tells that the broker is away; there is nothing to count meanwhile.
        }
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Facts come faster than they are applied: {Queued} wait in the queue, and it grows. More replicas of this service would help")]
    private partial void Grows(long queued);
}
