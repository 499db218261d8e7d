namespace DirectoryService.Lifecycle;

/// <summary>The meaning of a SCIM write for the lifecycle of a user (docs: idp-behaviour §3, "Signals").</summary>
public enum UserSignal
{
    /// <summary>The write has no <c>active</c>, or repeats the current value.</summary>
    Update,
    /// <summary><c>active:false</c> that only repeats the answer to the IdP's GET (Okta merges its data over it).</summary>
    Echo,
    Deactivate,
    Activate,
    /// <summary>DELETE.</summary>
    Remove,
}

/// <summary>Which side wins when the directory and the console disagree: a setting of the directory.</summary>
public enum ConflictRule { Preserve, Override }
