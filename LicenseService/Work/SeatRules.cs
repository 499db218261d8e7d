using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;

namespace LicenseService.Work;

/// <summary>
/// Decides which user is eligible for a seat, which user waits, and when a seat is freed. Pure functions. Database constraints
/// guarantee what must hold under concurrency: no pool is oversold, and a user has one seat per product.
/// <code>
///                        an admin gives it: known, active, has an email address, a seat is open
///            ┌──────────────────────────────────────────────────────────────────────────────────┐
///            │      a rule gives it:                            first in list, a seat is open    ▼
///        no seat ─────────────────────────────► waiting ───────────────────────────────────► seat
///          ▲ ▲    active, has an email address      │                                          │
///          │ └──────────────────────────────────────┘                                          │
///          │            no longer so                                                           │
///          └───────────────────────────────────────────────────────────────────────────────────┘
///            not active · was not active since · no email address · an admin unassigned it and no rule
///            gives it · no rule gives it any more and no admin gave it · the pool was made smaller ·
///            it came from users whom a directory deactivated shortly before its alert (HoldRules)
/// </code>
/// A user holds at most one seat of a product, for any number of reasons: an admin, rules. A user keeps the seat even when a
/// user of an earlier rule waits.
/// </summary>
internal static class SeatRules
{
    /// <summary>Why an assignment by an admin is refused; null when the seat may be given.</summary>
    /// <param name="ownHeld">A hold reserves the seat that this user had; the user may get it.</param>
    internal static Refusal? FindRefusal(SeatCandidate? user, Pool pool, bool ownHeld = false) => user switch
    {
        null => Refusal.UnknownUser,
        { Status: not UserStatus.Active } => Refusal.NotActive,
        { HasEmail: false } => Refusal.NoEmail,
        _ when pool.Free <= 0 => Refusal.PoolFull,
        _ when pool.Open == 0 && !ownHeld => Refusal.SeatsHeld,
        _ => null,
    };

    /// <summary>
    /// Why a grant that was made at <paramref name="deactivationsAtGrant"/> must end, whatever its reasons; null when it stays.
    /// The counter of deactivations frees the seat of a user who is active again, even when the fact of the deactivation never arrived.
    /// <c>FactReactions/SeatRevocation</c> is the same rule in SQL; one test runs the same cases through both.
    /// </summary>
    internal static FreeReason? FindFreeReason(SeatCandidate user, long deactivationsAtGrant) => user switch
    {
        { Status: not UserStatus.Active } => FreeReason.NotActive,
        _ when user.Deactivations > deactivationsAtGrant => FreeReason.WasNotActive,
        { HasEmail: false } => FreeReason.NoEmail,
        _ => null,
    };

    /// <summary>
    /// Decides about one user and one pool. <see cref="Eligibility"/> is the same rule in SQL; one test runs the same cases
    /// through both.
    /// </summary>
    /// <param name="user">Null when no such user is stored.</param>
    /// <param name="seat">Null when the user has no seat.</param>
    /// <param name="byRule">A rule gives the user a seat.</param>
    internal static SeatDecision Decide(SeatCandidate? user, GrantedSeat? seat, bool byRule)
    {
        var freed = seat switch
        {
            null => null,
            _ when user is null => FreeReason.NotActive,
            _ => FindFreeReason(user, seat.Deactivations) ?? (seat.Manual || byRule ? null : FreeReason.NoRule),
        };
        var holds = seat is not null && freed is null;
        var entitled = byRule && user is { Status: UserStatus.Active, HasEmail: true };
        return new SeatDecision(freed, ShouldWait: entitled && !holds);
    }
}

/// <summary>The seat that the user has, as it was when it was given.</summary>
/// <param name="Deactivations">The user's counter at that time.</param>
/// <param name="Manual">An admin gave it, alone or beside rules.</param>
internal sealed record GrantedSeat(long Deactivations, bool Manual);

/// <param name="FreeReason">Why the seat is freed; null when there is none, or it stays.</param>
/// <param name="ShouldWait">Whether the user belongs on the waiting list.</param>
internal sealed record SeatDecision(FreeReason? FreeReason, bool ShouldWait);
