namespace ServiceDefaults.Access;

/// <summary>Roles of admins and API keys within one account.</summary>
public static class AdminRole
{
    /// <summary>May do everything, including managing admins and API keys.</summary>
    public const string Owner = "owner";
    /// <summary>May do everything except managing admins and API keys.</summary>
    public const string Admin = "admin";
    /// <summary>May only read.</summary>
    public const string Auditor = "auditor";
}
