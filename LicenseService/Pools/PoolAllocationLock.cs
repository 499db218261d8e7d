using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Pools;

/// <summary>
/// Advisory lock of a pool for allocating or freeing many seats. Held until the transaction ends; taken before any row lock.
/// </summary>
internal static class PoolAllocationLock
{
    internal static async Task<bool> TryAcquireAsync(NpgsqlTransaction transaction, Guid pool, CancellationToken cancellationToken) =>
        (bool)(await ScalarAsync(transaction, "SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 2))", pool, cancellationToken))!;

    internal static Task AcquireAsync(NpgsqlTransaction transaction, Guid pool, CancellationToken cancellationToken) =>
        ScalarAsync(transaction, "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 2))", pool, cancellationToken);

    private static async Task<object?> ScalarAsync(NpgsqlTransaction transaction, string sql, Guid pool, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(sql, pool));
        return await batch.ExecuteScalarAsync(cancellationToken);
    }
}
