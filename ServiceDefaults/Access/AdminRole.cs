namespace ServiceDefaults.Access;

/// <summary>Roles of admins and API keys within one account.</summary>
public static class AdminRole
{
    /// <summary>Everything, other admins and API keys included.</summary>
    public const string Owner = "owner";
    /// <summary>Everything but admins and API keys.</summary>
    public const string Admin = "admin";
    /// <summary>May read.</summary>
    public const string Auditor = "auditor";
}
