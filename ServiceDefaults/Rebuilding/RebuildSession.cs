using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Rebuilding;

/// <summary>
/// The database session of a rebuild of one account. It holds the rebuild lock, and all writes of the rebuild go through it.
/// When the replica dies or loses the session, the lock is released and nothing more can be written.
/// </summary>
internal sealed class RebuildSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly Guid account;

    private RebuildSession(NpgsqlConnection connection, Guid account) => (this.connection, this.account) = (connection, account);

    /// <summary>Opens the session; null when another session holds the lock.</summary>
    internal static async Task<RebuildSession?> TryOpenAsync(NpgsqlDataSource database, Guid account, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            if ((bool)(await ScalarAsync(connection, "pg_try_advisory_lock", account, cancellationToken))!) return new RebuildSession(connection, account);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    internal ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken cancellationToken) => connection.BeginTransactionAsync(cancellationToken);

    /// <summary>Begins a transaction that holds the account lock exclusively: no facts of the account are applied until it ends.</summary>
    internal async Task<NpgsqlTransaction> BeginExclusiveAsync(CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of($"SELECT pg_advisory_xact_lock({AccountLockKeys.Facts}, hashtext($1::text))", account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    /// <summary>Unlocks explicitly, because a pooled connection keeps its session, and the session its lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ScalarAsync(connection, "pg_advisory_unlock", account, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The session is lost, so its lock is released.
        }
        await connection.DisposeAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string function, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SqlStatement.Of($"SELECT {function}({AccountLockKeys.Rebuild}, hashtext($1::text))", account));
        return await batch.ExecuteScalarAsync(cancellationToken);
    }
}
