using Contracts.Events.V1;
using MassTransit;

namespace LicenseService.Consumers;

/// <summary>
/// Every queue gets every fact. No license depends on a group yet; without a consumer MassTransit would pile these facts
/// up in <c>license.facts_skipped</c>, where nobody would ever take them out.
/// </summary>
internal sealed class UnusedFactsConsumer : IConsumer<GroupChanged>, IConsumer<MembersChanged>
{
    public Task Consume(ConsumeContext<GroupChanged> context) => Task.CompletedTask;

    public Task Consume(ConsumeContext<MembersChanged> context) => Task.CompletedTask;
}
