using Contracts.Events.V1;

namespace LicenseService.Work;

/// <summary>The attributes of a user that decide whether it may have a seat.</summary>
internal sealed record SeatCandidate(UserStatus Status, long Deactivations, bool HasEmail, bool FromDirectory = true);
