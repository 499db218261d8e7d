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
    /// <summary>The seat was freed by users whom a directory deactivated shortly before its mass deactivation alert, and is reserved for them.</summary>
    Alert,
}
