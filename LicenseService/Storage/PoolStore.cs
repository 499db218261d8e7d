using LicenseService.Seats;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Pools of one account at a time.</summary>
internal sealed class PoolStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "pool_id, product, seats, used";

    internal async Task<IReadOnlyList<Pool>> ListAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""SELECT {Columns} FROM pools WHERE account_id = $1 ORDER BY product COLLATE "C" """, account);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pools = new List<Pool>();
        while (await reader.ReadAsync(cancellationToken)) pools.Add(Read(reader));
        return pools;
    }

    internal Task<Pool?> FindAsync(Guid account, Guid pool, CancellationToken cancellationToken) =>
        SingleAsync($"SELECT {Columns} FROM pools WHERE account_id = $1 AND pool_id = $2", cancellationToken, account, pool);

    /// <summary>Null: the account has a pool of this product.</summary>
    internal Task<Pool?> CreateAsync(Guid account, string product, int seats, CancellationToken cancellationToken) =>
        SingleAsync(
            $"""
            INSERT INTO pools (account_id, pool_id, product, seats, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT ON CONSTRAINT one_pool_per_product DO NOTHING
            RETURNING {Columns}
            """,
            cancellationToken, account, Guid.NewGuid(), product, seats, clock.GetUtcNow());

    /// <summary>Null: there is no such pool, or more than <paramref name="seats"/> of its seats are held.</summary>
    internal Task<Pool?> ResizeAsync(Guid account, Guid pool, int seats, CancellationToken cancellationToken) =>
        SingleAsync(
            $"UPDATE pools SET seats = $3 WHERE account_id = $1 AND pool_id = $2 AND used <= $3 RETURNING {Columns}",
            cancellationToken, account, pool, seats);

    private async Task<Pool?> SingleAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static Pool Read(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3));
}
