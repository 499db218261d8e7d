using Contracts.Events.V1;
using LicenseService.Storage;
using MassTransit;

namespace LicenseService.Consumers;

internal sealed class DirectoryChangedConsumer(DirectoryProjection directories) : IConsumer<DirectoryChanged>
{
    public Task Consume(ConsumeContext<DirectoryChanged> context) =>
        directories.ApplyAsync(context.Message, context.CancellationToken);
}
