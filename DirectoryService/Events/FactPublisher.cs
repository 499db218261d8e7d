using System.Collections.Concurrent;
using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using MassTransit;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;

namespace DirectoryService.Events;

/// <summary>
/// Publishes facts with the broker's confirm, about a hundred in flight, each mandatory and with its event's id as the
/// message id, so that a retry after an unknown outcome is recognised.
/// </summary>
internal sealed class FactPublisher(IBus bus, IConnectionFactory broker)
{
    private const int InFlight = 100;
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
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (row, _) =>
        {
            if (abort.IsCancellationRequested) return;
            try
            {
                await PublishAsync(row, abort.Token);
                published.Add(row.Seq);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                failed.Add((row.Seq, error));
                // No confirm in time: the rest would wait as long for nothing, and each of them blocks the queue behind it.
                if (error is OperationCanceledException) await abort.CancelAsync();
            }
        });
        // A broker that lost its queues (or was replaced) returns mandatory messages: declare them again before the next batch.
        if (!failed.IsEmpty) declared = false;
        return new PublishOutcome(published, failed);
    }

    /// <summary>Queues first: what is published before its queue is bound is confirmed and gone.</summary>
    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        if (declared) return;
        using var bound = Bound(cancellationToken);
        await FactTopology.DeclareAsync(broker, bound.Token);
        declared = true;
    }

    private async Task PublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        var fact = Read(row);
        using var bound = Bound(cancellationToken);
        await bus.Publish((object)fact, fact.GetType(), context =>
        {
            context.MessageId = row.EventId;
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
        }, bound.Token);
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

    /// <summary>The row itself is at fault; trying again will not help.</summary>
    internal sealed class UnreadableFactException(string message, Exception? inner) : Exception(message, inner);
}
