namespace LicenseService.Assignments;

/// <summary>Why an assignment is refused.</summary>
internal enum Refusal
{
    UnknownUser,
    NotActive,
    NoEmail,
    PoolFull,
    /// <summary>Seats are free, but a hold keeps them back.</summary>
    SeatsHeld,
}
