using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using ServiceDefaults.BackgroundLoops;

namespace ServiceDefaults.Messaging;

/// <summary>
/// Retries dead letters: moves messages from the error queue back to the queue.
/// <code>
/// [queue] ─ 20 deliveries, or a fault ─► [queue_error] ─ after a pause, longer while none succeeds ─► [queue]
/// </code>
/// The broker dead-letters a message after 20 deliveries, also when 20 connections broke and the message is fine; and a bug of
/// this service may be fixed in its next version. The message does not show which, and facts are idempotent, so all of them are
/// retried. A message that is really faulty is dead-lettered again.
/// </summary>
internal sealed partial class DeadLetterRetry(
    BrokerChannel broker, FactQueue queue, IOptions<DeadLetterOptions> options, TimeProvider clock, ILogger<DeadLetterRetry> log) : BackgroundService
{
    private readonly BackgroundLoop loop = new("The return of messages that were set aside", clock, log);
    private readonly BackOff pause = new(options.Value.ReturnAfter, options.Value.ReturnAtLeastEvery);
    private TimeSpan next = options.Value.ReturnAfter;
    private uint returned;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(
        async cancellationToken =>
        {
            await Task.Delay(next, clock, cancellationToken);
            await RequeueAsync(cancellationToken);
        },
        stoppingToken);

    private async Task RequeueAsync(CancellationToken cancellationToken)
    {
        var found = await broker.CountAsync(queue.ErrorName, cancellationToken);
        // As many as were returned in the last pass: none of them succeeded.
        if (found > 0 && found >= returned && returned > 0)
        {
            next = pause.Failed();
        }
        else
        {
            pause.Succeeded();
            next = options.Value.ReturnAfter;
        }
        // The number is read once: messages that fail again are appended and wait for the next pass.
        for (returned = 0; returned < found && await RequeueOneAsync(cancellationToken); returned++) { }
        if (returned > 0) Returned(returned, queue.Name);
    }

    /// <summary>
    /// Publishes the message, waits for the confirm, then acknowledges it. A failure in between can duplicate the message but
    /// never lose it.
    /// </summary>
    private Task<bool> RequeueOneAsync(CancellationToken cancellationToken) => broker.ExecuteAsync(
        async (channel, bound) =>
        {
            if (await channel.BasicGetAsync(queue.ErrorName, autoAck: false, bound) is not { } message) return false;
            var properties = new BasicProperties(message.BasicProperties) { Headers = WithoutFaultHeaders(message.BasicProperties.Headers) };
            await channel.BasicPublishAsync("", queue.Name, mandatory: true, properties, message.Body, bound);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, bound);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// The headers without the broker's death counts and MassTransit's fault headers, so that it is delivered as a new message.
    /// </summary>
    private static Dictionary<string, object?> WithoutFaultHeaders(IDictionary<string, object?>? headers) =>
        (headers ?? new Dictionary<string, object?>())
        .Where(header => !header.Key.StartsWith("x-", StringComparison.Ordinal) && !header.Key.StartsWith("MT-Fault", StringComparison.Ordinal) && header.Key != "MT-Reason")
        .ToDictionary();

    [LoggerMessage(LogLevel.Information, "Retrying {Count} dead letters from {Queue}")]
    private partial void Returned(uint count, string queue);
}
