using System.Diagnostics;

namespace IdpSimulator.Wire;

/// <summary>Lets requests go at an even rate, whoever sends them. A turn that came late is not caught up in a burst.</summary>
public sealed class Pace(double perSecond)
{
    private readonly TimeSpan interval = perSecond > 0 ? TimeSpan.FromSeconds(1 / perSecond) : TimeSpan.Zero;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock turns = new();
    private TimeSpan next;

    public static Pace Unbounded { get; } = new(0);

    public Task TurnAsync(CancellationToken cancellationToken)
    {
        if (interval == TimeSpan.Zero) return Task.CompletedTask;
        TimeSpan wait;
        lock (turns)
        {
            var now = clock.Elapsed;
            // A timer fires up to some milliseconds late; a tenth of a second may be made up.
            var turn = next < now - TimeSpan.FromMilliseconds(100) ? now : next;
            next = turn + interval;
            wait = turn - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, cancellationToken) : Task.CompletedTask;
    }
}
