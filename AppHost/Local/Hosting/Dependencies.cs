using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>Awaits what a resource waits for, with a bound.</summary>
internal sealed class Dependencies(ResourceBoard board, TimeSpan bound)
{
    /// <exception cref="DependencyException">One of them will not be ready, or was not within the bound.</exception>
    internal Task WaitAsync(IEnumerable<WaitAnnotation> waits, CancellationToken cancellationToken) =>
        Task.WhenAll(waits.Select(wait => WaitAsync(wait, cancellationToken)));

    private async Task WaitAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(bound);
        var last = "";
        await foreach (var _ in board.WatchAsync(bounded.Token))
        {
            switch (Readiness.Of(wait, board.Resources))
            {
                case Readiness.Ready: return;
                case Readiness.Never never: throw new DependencyException(never.Because);
                case Readiness.NotYet notYet: last = notYet.Because; break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new DependencyException($"waited {bound.TotalSeconds:0.#} s for {wait.Resource.Name} in vain: {last}");
    }
}

internal sealed class DependencyException(string message) : Exception(message);
