using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Rebuilding;

/// <summary>
/// The right to rebuild one account: a lock that its database session holds, and all that a rebuild writes goes through
/// this very session. When the replica dies, or loses it, the lock is free and nothing more can be written under it.
/// </summary>
internal sealed class RebuildSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly Guid account;

    private RebuildSession(NpgsqlConnection connection, Guid account) => (this.connection, this.account) = (connection, account);

    /// <summary>Null: somebody has it.</summary>
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

    /// <summary>No facts of the account are applied until it ends.</summary>
    internal async Task<NpgsqlTransaction> BeginAloneAsync(CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Statement.Of($"SELECT pg_advisory_xact_lock({AccountLock.Facts}, hashtext($1::text))", account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    /// <summary>A connection goes back to the pool with its session, and the session with its lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ScalarAsync(connection, "pg_advisory_unlock", account, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The session is lost, and its lock with it.
        }
        await connection.DisposeAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string function, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Statement.Of($"SELECT {function}({AccountLock.Rebuild}, hashtext($1::text))", account));
        return await batch.ExecuteScalarAsync(cancellationToken);
    }
}
