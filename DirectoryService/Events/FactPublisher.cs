using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using MassTransit;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using ServiceDefaults.Telemetry;

namespace DirectoryService.Events;

/// <summary>
/// Publishes facts in messages of up to a hundred, as mandatory messages with publisher confirms, several in flight. The
/// message id is derived from the facts, so that a retry after an unknown outcome has the same id.
/// </summary>
internal sealed class FactPublisher(IBus bus, IConnectionFactory broker, TimeProvider clock)
{
    private const int InFlight = 16;
    private const int EnoughCharacters = 256 * 1024;
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(10);

    private bool declared;

    internal async Task<PublishOutcome> PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var published = new ConcurrentBag<long>();
        var failed = new ConcurrentBag<(long, Exception)>();
        try
        {
            await DeclareAsync(cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new PublishOutcome([], [(rows[0].Seq, error)]);
        }
        var messages = Pack(rows, failed.Add);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (message, _) =>
        {
            if (abort.IsCancellationRequested) return;
            try
            {
                await PublishAsync(message, abort.Token);
                foreach (var (row, _) in message) published.Add(row.Seq);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                foreach (var (row, _) in message) failed.Add((row.Seq, error));
                // No confirm in time: cancel the other messages, which would also wait in vain and block the messages after
                // them.
                if (error is OperationCanceledException) await abort.CancelAsync();
            }
        });
        // A broker without the queues returns mandatory messages; declare the queues again before the next batch.
        if (!failed.IsEmpty) declared = false;
        return new PublishOutcome(published, failed);
    }

    /// <summary>Groups readable rows into messages. Each unreadable row fails by itself.</summary>
    private static List<List<(OutboxRow Row, IFact Fact)>> Pack(IReadOnlyList<OutboxRow> rows, Action<(long, Exception)> fail)
    {
        var messages = new List<List<(OutboxRow, IFact)>>();
        var room = 0;
        foreach (var row in rows)
        {
            IFact fact;
            try
            {
                fact = Read(row);
            }
            catch (UnreadableFactException error)
            {
                fail((row.Seq, error));
                continue;
            }
            if (room <= 0 || messages[^1].Count == FactBatch.MaxFacts)
            {
                messages.Add([]);
                room = EnoughCharacters;
            }
            messages[^1].Add((row, fact));
            room -= row.Payload.Length;
        }
        return messages;
    }

    /// <summary>Declares the queues before the first publish: the broker confirms and drops messages that no queue is bound to.</summary>
    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        if (declared) return;
        using var bound = Bound(cancellationToken);
        await FactTopology.DeclareAsync(broker, bound.Token);
        declared = true;
    }

    private async Task PublishAsync(List<(OutboxRow Row, IFact Fact)> message, CancellationToken cancellationToken)
    {
        using var bound = Bound(cancellationToken);
        var facts = message.ConvertAll(one => one.Fact);
        using var span = FactTraces.Start("publish facts", ActivityKind.Producer, facts);
        await bus.Publish(FactBatch.Of(facts), context =>
        {
            context.MessageId = IdOf(message);
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
        }, bound.Token);
        OutboxRelayMetrics.Confirmed(facts, clock.GetUtcNow());
    }

    private static Guid IdOf(List<(OutboxRow Row, IFact Fact)> message)
    {
        var ids = new byte[message.Count * 16];
        for (var i = 0; i < message.Count; i++) message[i].Row.EventId.TryWriteBytes(ids.AsSpan(i * 16));
        return new Guid(SHA256.HashData(ids).AsSpan(0, 16));
    }

    private static CancellationTokenSource Bound(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(ConfirmWithin);
        return source;
    }

    private static IFact Read(OutboxRow row)
    {
        try
        {
            return row.Type switch
            {
                nameof(UserChanged) => JsonSerializer.Deserialize(row.Payload, ContractsJsonContext.Default.UserChanged)!,
                nameof(GroupChanged) => JsonSerializer.Deserialize(row.Payload, ContractsJsonContext.Default.GroupChanged)!,
                nameof(MembersChanged) => JsonSerializer.Deserialize(row.Payload, ContractsJsonContext.Default.MembersChanged)!,
                nameof(DirectoryChanged) => JsonSerializer.Deserialize(row.Payload, ContractsJsonContext.Default.DirectoryChanged)!,
                _ => throw new UnreadableFactException($"No fact is called {row.Type}.", null),
            };
        }
        catch (JsonException error)
        {
            throw new UnreadableFactException($"The payload of event {row.EventId} is no {row.Type}: {error.Message}", error);
        }
    }

    /// <summary>The row itself is faulty; a retry will not help.</summary>
    internal sealed class UnreadableFactException(string message, Exception? inner) : Exception(message, inner);
}
