using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>
/// Who may hold a seat, who waits for one, and when it is taken back. Pure; the database holds what must hold under
/// concurrency (never oversold, one per user and product).
/// <code>
///                        an admin gives it: known, active, has an email address, a seat is open
///            ┌──────────────────────────────────────────────────────────────────────────────────┐
///            │      a rule gives it:                            first in line, a seat is open    ▼
///        no seat ─────────────────────────────► waiting ───────────────────────────────────► seat
///          ▲ ▲    active, has an email address      │                                          │
///          │ └──────────────────────────────────────┘                                          │
///          │            no longer so                                                           │
///          └───────────────────────────────────────────────────────────────────────────────────┘
///            not active · was not active since · no email address · an admin took it and no rule
///            gives it · no rule gives it any more and no admin gave it · the pool was made smaller ·
///            it came from users whom a directory let go shortly before its alert (HoldRules)
/// </code>
/// A user holds at most one seat of a product, for any number of reasons: an admin, rules. Who holds one keeps it, however
/// high somebody else's rule stands.
/// </summary>
internal static class SeatRules
{
    /// <summary>What an admin's assignment is refused for. Null: the seat may be given.</summary>
    /// <param name="ownHeld">A seat is kept back that this user held: it is the user's own.</param>
    internal static Refusal? Refuses(Holder? user, Pool pool, bool ownHeld = false) => user switch
    {
        null => Refusal.UnknownUser,
        { Status: not UserStatus.Active } => Refusal.NotActive,
        { HasEmail: false } => Refusal.NoEmail,
        _ when pool.Free <= 0 => Refusal.PoolFull,
        _ when pool.Open == 0 && !ownHeld => Refusal.SeatsHeld,
        _ => null,
    };

    /// <summary>
    /// Why a grant that was made at <paramref name="deactivationsAtGrant"/> ends whatever its reasons; null: it stands.
    /// The counter frees a seat whose holder is active again by now although no fact of the time between has come.
    /// <c>Storage/GrantReaction</c> says the same in SQL; one test runs the same cases through both.
    /// </summary>
    internal static FreeReason? Frees(Holder user, long deactivationsAtGrant) => user switch
    {
        { Status: not UserStatus.Active } => FreeReason.NotActive,
        _ when user.Deactivations > deactivationsAtGrant => FreeReason.WasNotActive,
        { HasEmail: false } => FreeReason.NoEmail,
        _ => null,
    };

    /// <summary>
    /// What becomes of one user and one pool. <c>Storage/Judging</c> says the same in SQL; one test runs the same cases
    /// through both.
    /// </summary>
    /// <param name="user">Null: not known (any more).</param>
    /// <param name="seat">Null: holds none.</param>
    /// <param name="byRule">A rule gives the user a seat.</param>
    internal static Verdict Judge(Holder? user, HeldSeat? seat, bool byRule)
    {
        var freed = seat switch
        {
            null => null,
            _ when user is null => FreeReason.NotActive,
            _ => Frees(user, seat.Deactivations) ?? (seat.Manual || byRule ? null : FreeReason.NoRule),
        };
        var holds = seat is not null && freed is null;
        var entitled = byRule && user is { Status: UserStatus.Active, HasEmail: true };
        return new Verdict(freed, Waits: entitled && !holds);
    }
}

/// <summary>A seat as it was given.</summary>
/// <param name="Deactivations">The user's counter at that time.</param>
/// <param name="Manual">An admin gave it, alone or beside rules.</param>
internal sealed record HeldSeat(long Deactivations, bool Manual);

/// <param name="Frees">Why the seat is taken back; null: none was held, or it stays.</param>
/// <param name="Waits">The user stands in line for a seat.</param>
internal sealed record Verdict(FreeReason? Frees, bool Waits);
