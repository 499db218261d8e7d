using Npgsql;

namespace Testing;

/// <summary>What a service's migrations tell the server about maintaining tables that grow.</summary>
public static class TableMaintenance
{
    private const string Otherwise = """
        SELECT attrelid::regclass || '.' || attname || ' is sampled as usual' FROM pg_attribute
        WHERE attrelid = ANY ($1::regclass[]) AND attnum > 0 AND NOT attisdropped AND coalesce(attstattarget, -1) NOT BETWEEN 0 AND 20
        UNION ALL
        SELECT oid::regclass || ' is vacuumed as usual' FROM pg_class
        WHERE oid = ANY ($1::regclass[]) AND relkind = 'r' AND NOT coalesce(reloptions, '{}') @> '{autovacuum_vacuum_cost_delay=10}'
        """;

    /// <summary>Complaints, one for each column that is sampled by more than 6,000 rows and each table that is vacuumed without rest.</summary>
    public static async Task<List<string>> ComplaintsAsync(NpgsqlConnection connection, params string[] tables)
    {
        var complaints = new List<string>();
        await using var command = new NpgsqlCommand(Otherwise, connection);
        command.Parameters.Add(new() { Value = tables });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) complaints.Add(reader.GetString(0));
        return complaints;
    }
}
