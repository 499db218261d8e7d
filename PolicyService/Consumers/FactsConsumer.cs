using Contracts.Events.V1;
using MassTransit;
using PolicyService.Storage;
using ServiceDefaults.Messaging;

namespace PolicyService.Consumers;

/// <summary>Every fact is stored; what it means for policies is computed when it is asked for.</summary>
internal sealed class FactsConsumer(Projections projections, FactArrivals arrivals)
    : IConsumer<UserChanged>, IConsumer<GroupChanged>, IConsumer<MembersChanged>, IConsumer<DirectoryChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context) => projections.ApplyAsync(context.Message, context.CancellationToken);

    public async Task Consume(ConsumeContext<GroupChanged> context)
    {
        await projections.ApplyAsync(context.Message, context.CancellationToken);
        arrivals.Arrived(context.Message.GroupId);
    }

    public Task Consume(ConsumeContext<MembersChanged> context) => projections.ApplyAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<DirectoryChanged> context) => projections.ApplyAsync(context.Message, context.CancellationToken);
}
