namespace LicenseService.Assignments;

/// <summary>Why a seat was freed.</summary>
internal enum FreeReason
{
    /// <summary>An admin unassigned it, and no rule gives it.</summary>
    Unassigned,
    NotActive,
    /// <summary>The user is active now, but was inactive at some time since the seat was given.</summary>
    WasNotActive,
    NoEmail,
    /// <summary>No admin gave it, and no rule gives it any more.</summary>
    NoRule,
    /// <summary>An admin made the pool smaller.</summary>
    PoolShrunk,
    /// <summary>The seat came from users whom a directory let go shortly before it raised its alert, and is kept back for them.</summary>
    Alert,
}
