using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>A seat that a user holds.</summary>
internal sealed record Grant(Guid PoolId, Guid UserId, string UserName, string? DisplayName, DateTimeOffset At, Actor By);
