using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using ServiceDefaults.BackgroundLoops;

namespace ServiceDefaults.Messaging;

/// <summary>
/// Brings messages back from the error queue.
/// <code>
/// [queue] ─ 20 deliveries, or a fault ─► [queue_error] ─ after a pause, longer while none succeeds ─► [queue]
/// </code>
/// The broker sets a message aside after 20 deliveries, also when 20 connections broke and nothing was wrong with it; and a
/// fault of this service may be mended by its next version. Nobody can tell that from the message, and facts are
/// idempotent: so all of them are tried again. One that is wrong in itself is set aside again.
/// </summary>
internal sealed partial class SetAsideReturn(
    BrokerChannel broker, FactQueue queue, IOptions<SetAsideOptions> options, TimeProvider clock, ILogger<SetAsideReturn> log) : BackgroundService
{
    private readonly BackgroundLoop loop = new("The return of messages that were set aside", clock, log);
    private readonly BackOff pause = new(options.Value.ReturnAfter, options.Value.ReturnAtLeastEvery);
    private TimeSpan next = options.Value.ReturnAfter;
    private uint returned;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(
        async cancellationToken =>
        {
            await Task.Delay(next, clock, cancellationToken);
            await ReturnAsync(cancellationToken);
        },
        stoppingToken);

    private async Task ReturnAsync(CancellationToken cancellationToken)
    {
        var found = await broker.CountAsync(queue.ErrorName, cancellationToken);
        // As many as were returned the last time: none of them succeeded.
        if (found > 0 && found >= returned && returned > 0)
        {
            next = pause.Failed();
        }
        else
        {
            pause.Succeeded();
            next = options.Value.ReturnAfter;
        }
        // Counted once: what fails again meanwhile comes behind these, and waits for the next pass.
        for (returned = 0; returned < found && await ReturnOneAsync(cancellationToken); returned++) { }
        if (returned > 0) Returned(returned, queue.Name);
    }

    /// <summary>Published, confirmed, then acknowledged: what breaks in between leaves the message twice, never not at all.</summary>
    private Task<bool> ReturnOneAsync(CancellationToken cancellationToken) => broker.AskAsync(
        async (channel, bound) =>
        {
            if (await channel.BasicGetAsync(queue.ErrorName, autoAck: false, bound) is not { } message) return false;
            var properties = new BasicProperties(message.BasicProperties) { Headers = WithoutItsStory(message.BasicProperties.Headers) };
            await channel.BasicPublishAsync("", queue.Name, mandatory: true, properties, message.Body, bound);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, bound);
            return true;
        },
        cancellationToken);

    /// <summary>Without the broker's counts and MassTransit's description of the fault: it is delivered as a new message.</summary>
    private static Dictionary<string, object?> WithoutItsStory(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>())
        .Where(header => !header.Key.StartsWith("x-", StringComparison.Ordinal) && !header.Key.StartsWith("MT-Fault", StringComparison.Ordinal) && header.Key != "MT-Reason")
        .ToDictionary();

    [LoggerMessage(LogLevel.Information, "{Count} messages that were set aside are tried again from {Queue}")]
    private partial void Returned(uint count, string queue);
}
