using Contracts.Events.V1;
using MassTransit;

namespace ServiceDefaults.Projections;

/// <summary>Every queue gets every fact, and every fact is stored; a message is acknowledged when it is committed.</summary>
internal sealed class FactsConsumer(FactBatcher batcher)
    : IConsumer<UserChanged>, IConsumer<GroupChanged>, IConsumer<MembersChanged>, IConsumer<DirectoryChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context) => batcher.ApplyAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<GroupChanged> context) => batcher.ApplyAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<MembersChanged> context) => batcher.ApplyAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<DirectoryChanged> context) => batcher.ApplyAsync(context.Message, context.CancellationToken);
}
