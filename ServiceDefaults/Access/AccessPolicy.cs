namespace ServiceDefaults.Access;

/// <summary>Names of the authorization policies of <c>/api/v1</c>.</summary>
public static class AccessPolicy
{
    /// <summary>Any role.</summary>
    public const string Read = "read";
    /// <summary>Owner or admin.</summary>
    public const string Write = "write";
    /// <summary>Owner.</summary>
    public const string Own = "own";
}
