using Npgsql;
using Testing;

namespace LicenseService.Tests;

/// <summary>A look behind the service.</summary>
internal static class DatabaseRows
{
    internal static async Task<List<T>> RowsAsync<T>(this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Nobody of the account is left to be judged, and nobody waits for a seat that is open.</summary>
    internal static Task SettledAsync(this NpgsqlDataSource database, Guid account) => Eventually.TrueAsync("the work on seats to be done", async () =>
        (await database.RowsAsync(
            """
            SELECT NOT EXISTS (SELECT FROM pending_users WHERE account_id = $1)
               AND NOT EXISTS (SELECT FROM work WHERE account_id = $1 AND finished_at IS NULL)
               AND NOT EXISTS (SELECT FROM holds WHERE account_id = $1 AND settled_at IS NULL AND released_at IS NULL)
               AND NOT EXISTS (SELECT FROM pools p JOIN waiting w USING (account_id, pool_id) WHERE account_id = $1 AND p.used + p.held < p.seats)
            """,
            row => row.GetBoolean(0), account)).Single());
}
