namespace ServiceDefaults.Projections;

/// <summary>First keys of PostgreSQL's advisory locks; the second is <c>hashtext(account_id::text)</c>.</summary>
public static class AccountLockKeys
{
    /// <summary>Shared: a transaction that applies facts of the account. Exclusive: the beginning and the end of a rebuild.</summary>
    public const int Facts = 0x66616374; // "fact"

    /// <summary>Held by the session that rebuilds the account. When the lock is free, no rebuild runs.</summary>
    public const int Rebuild = 0x72656264; // "rebd"
}
