using System.Globalization;
using LocalRuntime.Processes;
using LocalRuntime.State;
using Npgsql;

namespace LocalRuntime.Native;

/// <summary>PostgreSQL from the machine's own binaries, as an unprivileged child that listens on the loopback address only.</summary>
internal sealed class PostgresServer(PostgresOptions options) : IProgram
{
    private const string Account = "postgres";

    private readonly string _data = Path.Combine(options.Directory, "data");
    private readonly UnixUser? _user = ServerAccount.For(Account, "PostgreSQL");

    internal string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = options.Port,
        Username = options.UserName,
        Password = options.Password,
    }.ConnectionString;

    public async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        ServerAccount.PrepareDirectory(options.Directory, _user);
        var version = ClusterVersion();
        var binaries = PostgresBinaries.Choose(version, _data);
        if (version is null) await InitializeAsync(binaries, cancellationToken);
        return Spec(Path.Combine(binaries, "postgres"),
        [
            "-D", _data,
            "-p", options.Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1",
            // No socket file: its path would have to stay under 100 bytes, and nobody uses it.
            "-c", "unix_socket_directories=",
            "-c", "shared_buffers=256MB",
            "-c", "wal_buffers=16MB",
            "-c", "max_wal_size=4GB",
            "-c", "checkpoint_timeout=15min",
            // The first change of a page after a checkpoint logs all of it: pressed by "on" (pglz), each write costs half as
            // much again until all pages have been there.
            "-c", "wal_compression=lz4",
            "-c", "jit=off",
            "-c", "random_page_cost=1.1",
            "-c", "max_parallel_workers_per_gather=0",
            "-c", "logging_collector=off",
            .. options.Arguments,
        ]);
    }

    public async Task<Wellness> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("SELECT 1", cancellationToken);
            return Wellness.Well;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new StartupException(
                $"The data in {_data} were created with another password than the one in {Secrets.SecretStore.FileName} beside them. Restore that file, or begin anew with ./run --reset.", refused);
        }
        catch (NpgsqlException unreachable)
        {
            return new(unreachable.InnerException?.Message ?? unreachable.Message);
        }
    }

    public Task TendAsync(CancellationToken cancellationToken) => new SteadyWriteback(Path.Combine(_data, "base"), TimeProvider.System).RunAsync(cancellationToken);

    internal async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
        }
        catch (PostgresException exists) when (exists.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // It is there from an earlier start.
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false, Timeout = 3, ApplicationName = "AppHost" }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string? ClusterVersion()
    {
        var file = Path.Combine(_data, "PG_VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private async Task InitializeAsync(string binaries, CancellationToken cancellationToken)
    {
        // Made elsewhere and moved when complete: an initdb that was killed leaves what looks like a cluster and is none.
        var fresh = _data + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        var password = Path.Combine(options.Directory, "password");
        try
        {
            PrivateFile.Write(password, options.Password);
            _user?.Own(password);
            var (exitCode, output) = await Command.RunAsync(
                Spec(Path.Combine(binaries, "initdb"),
                [
                    "-D", fresh, "-U", options.UserName, $"--pwfile={password}", "--auth=scram-sha-256",
                    "-E", "UTF8", "--no-locale", "--no-instructions",
                ]), cancellationToken);
            if (exitCode != 0) throw new StartupException($"PostgreSQL could not create its data in {_data}: {LastLine(output)}");
            Directory.Move(fresh, _data);
        }
        finally
        {
            File.Delete(password);
        }
    }

    private static string LastLine(string output) =>
        output.Split('\n').LastOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("FATAL", StringComparison.Ordinal)) ?? output;

    private ProcessSpec Spec(string program, IReadOnlyList<string> arguments) => new(program, arguments)
    {
        User = _user,
        WorkingDirectory = options.Directory,
        StopSignal = Signal.Interrupt, // "fast": SIGTERM would wait until every client has left
        Environment = new Dictionary<string, string>
        {
            ["HOME"] = options.Directory,
            ["PATH"] = "/usr/bin:/bin",
            ["LANG"] = "C.UTF-8",
            ["LC_ALL"] = "C.UTF-8",
        },
    };
}
