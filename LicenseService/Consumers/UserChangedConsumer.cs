using Contracts.Events.V1;
using LicenseService.Storage;
using MassTransit;
using ServiceDefaults.Messaging;

namespace LicenseService.Consumers;

/// <summary>A user who is no longer active, or was not for a while, loses the seat.</summary>
internal sealed partial class UserChangedConsumer(UserProjection users, FactArrivals arrivals, ILogger<UserChangedConsumer> log)
    : IConsumer<UserChanged>
{
    public async Task Consume(ConsumeContext<UserChanged> context)
    {
        var fact = context.Message;
        foreach (var reason in await users.ApplyAsync(fact, context.CancellationToken))
            SeatFreed(fact.UserId, fact.AccountId, reason, fact.Version);
        arrivals.Arrived(fact.UserId);
    }

    [LoggerMessage(LogLevel.Information, "Seat of user {User} in account {Account} freed: {Reason} (version {Version})")]
    private partial void SeatFreed(Guid user, Guid account, string reason, long version);
}
