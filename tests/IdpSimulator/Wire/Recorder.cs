using System.Collections.Concurrent;

namespace IdpSimulator.Wire;

/// <summary>Keeps every exchange of a run, and tells whoever listens.</summary>
public sealed class Recorder(Action<Exchange>? listener = null)
{
    private readonly ConcurrentQueue<Exchange> exchanges = new();

    public IReadOnlyCollection<Exchange> Exchanges => exchanges;

    public void Add(Exchange exchange)
    {
        exchanges.Enqueue(exchange);
        listener?.Invoke(exchange);
    }
}
