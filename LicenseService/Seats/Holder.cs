using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>What matters of a user when it comes to seats.</summary>
internal sealed record Holder(UserStatus Status, long Deactivations, bool HasEmail, bool FromDirectory = true);
