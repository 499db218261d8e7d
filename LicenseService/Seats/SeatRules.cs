using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>
/// Who may hold a seat, and when it is taken back. Pure; the database holds what must hold under concurrency (never
/// oversold, one per user and product).
/// <code>
///             assign: known, active, has an email address, a seat is free
///   no seat ─────────────────────────────────────────────────────────────► seat
///           ◄─────────────────────────────────────────────────────────────
///             an admin takes it · not active · was not active since · email address gone
/// </code>
/// </summary>
internal static class SeatRules
{
    /// <summary>Null: the seat may be given.</summary>
    internal static Refusal? Refuses(Holder? user, int seats, int used) => user switch
    {
        null => Refusal.UnknownUser,
        { Status: not UserStatus.Active } => Refusal.NotActive,
        { HasEmail: false } => Refusal.NoEmail,
        _ when used >= seats => Refusal.PoolFull,
        _ => null,
    };

    /// <summary>
    /// Why a grant that was made at <paramref name="deactivationsAtGrant"/> ends; null: it stands. The counter frees a
    /// seat whose holder is active again by now although no fact of the time between has come.
    /// <c>Storage/SeatReaction</c> says the same in SQL; one test runs the same cases through both.
    /// </summary>
    internal static FreeReason? Frees(Holder user, long deactivationsAtGrant) => user switch
    {
        { Status: not UserStatus.Active } => FreeReason.NotActive,
        _ when user.Deactivations > deactivationsAtGrant => FreeReason.WasNotActive,
        { HasEmail: false } => FreeReason.NoEmail,
        _ => null,
    };
}
