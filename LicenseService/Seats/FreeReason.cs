namespace LicenseService.Seats;

/// <summary>Why a seat is taken back.</summary>
internal enum FreeReason
{
    /// <summary>An admin took it.</summary>
    Unassigned,
    NotActive,
    /// <summary>The holder is active, but was not at some time since the seat was given.</summary>
    WasNotActive,
    NoEmail,
    /// <summary>No admin gave it, and no rule gives it any more.</summary>
    NoRule,
    /// <summary>An admin made the pool smaller and chose who loses.</summary>
    PoolShrunk,
    /// <summary>The seat came from users whom a directory let go shortly before it raised its alert, and is kept back for them.</summary>
    Alert,
}
