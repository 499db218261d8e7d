using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>
/// Facts ask whether there are rules before they leave work; a rule that is made leaves work for what is stored. Were both
/// to go on side by side, neither would see the other. Facts share a lock of their account from their beginning; a change
/// of rules has it alone.
/// </summary>
internal static class RulesLock
{
    internal static NpgsqlBatchCommand Take(Guid account) =>
        Statement.Of($"SELECT pg_advisory_xact_lock({AccountLock.Facts}, hashtext($1::text))", account);
}
