using Contracts.Events.V1;

namespace LicenseService.Assignments;

/// <summary>A seat that a user holds.</summary>
/// <param name="By">Who gave it: an admin, or the system by a rule.</param>
/// <param name="Manual">An admin gave it, alone or beside rules.</param>
/// <param name="RuleId">The rule by which it was given; null: by none.</param>
internal sealed record Grant(
    Guid PoolId, Guid UserId, string UserName, string? DisplayName, DateTimeOffset At, Actor By, bool Manual, Guid? RuleId);
