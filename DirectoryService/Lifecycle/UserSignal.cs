namespace DirectoryService.Lifecycle;

/// <summary>What a SCIM write means for the life of a user (docs: idp-behaviour §3, "Signals").</summary>
public enum UserSignal
{
    /// <summary>Says nothing about <c>active</c>, or repeats what SCIM shows.</summary>
    Update,
    /// <summary><c>active:false</c> that only repeats what our own GET said (Okta merges its data over it).</summary>
    Echo,
    Deactivate,
    Activate,
    /// <summary>DELETE.</summary>
    Remove,
}

/// <summary>Which side wins when the directory and the console disagree: a setting of the directory.</summary>
public enum ConflictRule { Preserve, Override }
