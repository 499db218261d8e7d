using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Rules;

/// <summary>
/// A transaction that applies facts enqueues evaluations only if the account has rules; creating a rule enqueues evaluations of
/// the stored users. If both ran concurrently, neither would see the other's changes. Therefore facts take a shared lock of
/// their account, and a change of rules takes it exclusively.
/// </summary>
internal static class RuleChangeLock
{
    internal static NpgsqlBatchCommand AcquireExclusive(Guid account) =>
        SqlStatement.Of($"SELECT pg_advisory_xact_lock({AccountLockKeys.Facts}, hashtext($1::text))", account);
}
