using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>The attributes of a user that decide whether it may have a seat.</summary>
internal sealed record Holder(UserStatus Status, long Deactivations, bool HasEmail, bool FromDirectory = true);
