namespace LicenseService.Seats;

/// <summary>Why a seat is not given.</summary>
internal enum Refusal
{
    UnknownUser,
    NotActive,
    NoEmail,
    PoolFull,
    /// <summary>Seats are free, but kept back since a directory let go of many users at once.</summary>
    SeatsHeld,
}
