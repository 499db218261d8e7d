using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bench.Running;

/// <summary>What PostgreSQL itself makes of the rows of one <c>POST /Users</c>: in a database of the same schema on the same server.</summary>
internal sealed partial class Pgbench(MeasuredSystem system)
{
    private const string Name = "pgbench";

    /// <summary>The tables as the migrations made them, with one account and directory.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using (var create = system.Database.CreateCommand($"CREATE DATABASE {Name}")) await create.ExecuteNonQueryAsync(cancellationToken);
        await RunAsync("/bin/sh", ["-c", $"pg_dump --schema-only --no-owner directory | psql --quiet --set ON_ERROR_STOP=1 {Name}"], cancellationToken);
        await RunAsync("/bin/sh", ["-c", $"pg_dump --data-only --table=accounts --table=directories directory | psql --quiet --set ON_ERROR_STOP=1 {Name}"], cancellationToken);
    }

    /// <summary>Transactions per second of that many clients, with fsync as the server has it.</summary>
    internal async Task<double> RateAsync(int clients, int seconds, CancellationToken cancellationToken)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, await StatementAsync(cancellationToken), cancellationToken);
            var said = await RunAsync("pgbench",
                ["-n", "-M", "prepared", "-c", Text(clients), "-j", Text(Math.Min(clients, Environment.ProcessorCount)), "-T", Text(seconds), "-f", script, Name], cancellationToken);
            return double.Parse(Rate().Match(said) is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException($"pgbench said no rate: {said}"), CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>
    /// Takes the database away, some 2 GB, with the checkpoint that this is: else autovacuum goes through it, and a checkpoint that
    /// its rows demanded goes on, while what comes next is measured.
    /// </summary>
    internal async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var drop = system.Database.CreateCommand($"DROP DATABASE {Name} WITH (FORCE)");
        drop.CommandTimeout = (int)TimeSpan.FromMinutes(5).TotalSeconds;
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The service's own statement shape, with the document and event of a user that the service has just created.</summary>
    private async Task<string> StatementAsync(CancellationToken cancellationToken)
    {
        await using var command = system.Database.CreateCommand("""
            SELECT u.document::text, e.payload::text, e.details::text, e.actor::text, u.account_id, u.directory_id
            FROM users u JOIN events e ON e.aggregate_id = u.id WHERE e.type = 'UserChanged' ORDER BY e.at DESC LIMIT 1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) throw new InvalidOperationException("No user was created yet whose rows could be compared with.");
        var (account, directory) = (reader.GetGuid(4), reader.GetGuid(5));
        return $"""
            \set n random(1, 9000000000000000)
            WITH changed AS (
              INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, document, created_at, modified_at,
                user_name_key, external_id, email, display_name, display_name_key)
              SELECT gen_random_uuid(), '{account}', '{directory}', gen_random_uuid(), 1, 1, true, {Json(0)}, now(), now(),
                'u' || :n || '@bench.example', 'x' || :n, 'u' || :n || '@bench.example', 'U ' || :n, 'u ' || :n
              WHERE NOT EXISTS (SELECT FROM users WHERE directory_id = '{directory}' AND user_name_key = 'u' || :n || '@bench.example' AND external_id = 'x' || :n AND removed)
              ON CONFLICT DO NOTHING
              RETURNING id, directory_id),
            looked_up_by AS (
              INSERT INTO user_lookups (directory_id, slot, key, user_id)
              SELECT directory_id, 0, key, id FROM changed CROSS JOIN unnest(ARRAY['u' || :n || '@bench.example']) key WHERE directory_id IS NOT NULL),
            logged AS (
              INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, details, actor)
              SELECT gen_random_uuid(), now(), '{account}', '{directory}', 'user', id, 1, 'UserChanged', 'created', {Json(1)}, {Json(2)}, {Json(3)} FROM changed
              RETURNING id, at, account_id),
            queued AS (INSERT INTO outbox (event_id, event_at, account_id) SELECT id, at, account_id FROM logged)
            SELECT count(*) FROM logged;
            """;

        string Json(int column) => reader.IsDBNull(column) ? "NULL::jsonb" : $"'{JsonLiteral(reader.GetString(column))}'::jsonb";
    }

    /// <summary>pgbench takes a colon before a word for a variable, wherever it stands; JSON has another way to write it.</summary>
    internal static string JsonLiteral(string json) => VariableLike().Replace(json.Replace("'", "''", StringComparison.Ordinal), @"\u003a");

    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var server = system.Server;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("PGHOST", server.Host!), ("PGPORT", Text(server.Port)), ("PGUSER", server.Username!), ("PGPASSWORD", server.Password!) })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{program} failed: {await complained}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@":(?=\w)")]
    private static partial Regex VariableLike();
}
