namespace LicenseService.Seats;

/// <summary>Why a seat is not given.</summary>
internal enum Refusal
{
    UnknownUser,
    NotActive,
    NoEmail,
    PoolFull,
}
