using Contracts.Events.V1;
using MassTransit;
using RabbitMQ.Client;

namespace ServiceDefaults.Messaging;

/// <summary>
/// Declares the exchanges, queues and bindings of all facts, with MassTransit's names and arguments. The publisher calls it
/// before its first publish. Idempotent.
/// <code>
/// Contracts.Events.V1:FactBatch ───┐
/// Contracts.Events.V1:UserChanged ─┼─► license.facts ─► [license.facts] ─ 20 deliveries, or a fault ─► [license.facts_error]
/// …                                └─► policy.facts  ─► [policy.facts]  ─ …                         ─► [policy.facts_error]
/// </code>
/// Dead letters are retried, see <see cref="DeadLetterRetry"/>. The directory publishes batches; a faulty fact of a batch is
/// sent on alone, so consumers accept single facts too.
/// </summary>
public static class FactTopology
{
    private static readonly IReadOnlyList<Type> FactTypes =
        [typeof(FactBatch), typeof(UserChanged), typeof(GroupChanged), typeof(MembersChanged), typeof(DirectoryChanged)];

    public static async Task DeclareAsync(IConnectionFactory factory, CancellationToken cancellationToken)
    {
        await using var connection = await factory.CreateConnectionAsync("topology", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var names = DefaultEntityNames();
        var exchanges = FactTypes.Select(names).ToList();
        foreach (var exchange in exchanges) await DeclareExchangeAsync(exchange);
        foreach (var queue in FactQueue.All)
        {
            // MassTransit declares the error queue with the arguments of its main queue, so this code does the same.
            foreach (var name in (string[])[queue.ErrorName, queue.Name])
            {
                await DeclareExchangeAsync(name);
                await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false,
                    queue.Arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value), cancellationToken: cancellationToken);
                await channel.QueueBindAsync(name, name, "", cancellationToken: cancellationToken);
            }
            foreach (var exchange in exchanges)
                await channel.ExchangeBindAsync(queue.Name, exchange, "", cancellationToken: cancellationToken);
        }

        Task DeclareExchangeAsync(string name) =>
            channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
    }

    private static Func<Type, string> DefaultEntityNames()
    {
        var formatter = new MassTransit.RabbitMqTransport.RabbitMqMessageNameFormatter();
        return type => formatter.GetMessageName(type).ToString();
    }
}
