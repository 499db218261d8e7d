namespace LicenseService.Assignments;

/// <summary>Why an assignment is refused.</summary>
internal enum Refusal
{
    UnknownUser,
    NotActive,
    NoEmail,
    PoolFull,
    /// <summary>Seats are free, but all of them are reserved by a hold.</summary>
    SeatsHeld,
}
