namespace Bench.Running;

/// <summary>
/// Brings a server that has just been created to where one stands that has run for a while: the files of its write-ahead log
/// are there and used again. A new server makes each file when it needs it, 16 MB of zeros, and all commits wait meanwhile:
/// up to 70 ms every two to three seconds of load.
/// </summary>
internal static class WriteAheadLog
{
    /// <summary>Of 16 MB each: about what there are at most, when a checkpoint that <c>max_wal_size</c> demanded is almost done.</summary>
    private const int Files = 250;

    /// <returns>How many there are now.</returns>
    internal static async Task<long> PrepareAsync(MeasuredSystem system, CancellationToken cancellationToken)
    {
        foreach (var statement in new[]
        {
            "ALTER SYSTEM SET min_wal_size = '4GB'", // so that the checkpoint keeps them
            "SELECT pg_reload_conf()",
            $"DO $$ BEGIN FOR n IN 1..{Files} LOOP PERFORM pg_logical_emit_message(false, 'bench', ''), pg_switch_wal(); END LOOP; END $$",
            "CHECKPOINT",
        })
        {
            await using var command = system.Database.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var count = system.Database.CreateCommand("SELECT count(*) FROM pg_ls_waldir()");
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }
}
