using Contracts.Events.V1;
using MassTransit;
using ServiceDefaults.Lag;

namespace ServiceDefaults.Projections;

/// <summary>
/// Consumes fact messages. A message is acknowledged when all its facts are committed. A fact that fails while others of its
/// message succeed is sent back to the queue as a separate message, so that only this fact is dead-lettered.
/// </summary>
internal sealed class FactConsumer(FactBatcher batcher, QueueDepth queue)
    : IConsumer<FactBatch>, IConsumer<UserChanged>, IConsumer<GroupChanged>, IConsumer<MembersChanged>, IConsumer<DirectoryChanged>
{
    public async Task Consume(ConsumeContext<FactBatch> context)
    {
        var facts = context.Message.Facts();
        queue.RecordMessage(facts.Count);
        var tasks = facts.ConvertAll(fact => batcher.ApplyAsync(fact, context.CancellationToken));
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failed = tasks.Where(task => !task.IsCompletedSuccessfully).ToList();
        // The service stops or the message's channel was closed: the whole message is redelivered. Facts that were applied
        // already change nothing.
        if (failed.Find(task => task.IsCanceled || task.Exception?.InnerException is OperationCanceledException) is { } stopped) await stopped;
        if (failed.Count == 0) return;
        var own = await context.GetSendEndpoint(context.ReceiveContext.InputAddress);
        foreach (var task in failed)
        {
            var fact = facts[tasks.IndexOf(task)];
            await own.Send(fact, fact.GetType(), context.CancellationToken);
        }
    }

    public Task Consume(ConsumeContext<UserChanged> context) => RequeueAloneAsync(context);

    public Task Consume(ConsumeContext<GroupChanged> context) => RequeueAloneAsync(context);

    public Task Consume(ConsumeContext<MembersChanged> context) => RequeueAloneAsync(context);

    public Task Consume(ConsumeContext<DirectoryChanged> context) => RequeueAloneAsync(context);

    private Task RequeueAloneAsync<T>(ConsumeContext<T> context) where T : class, IFact
    {
        queue.RecordMessage(1);
        return batcher.ApplyAsync(context.Message, context.CancellationToken);
    }
}
