using System.Reflection;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace ServiceDefaults.Migrations;

/// <summary>
/// Migrates the database of one service: creates roles, then runs the numbered scripts embedded under
/// <c>Storage/Migrations/NNNN_*.sql</c>. It holds an advisory lock, so that any number of replicas may call it concurrently.
/// </summary>
public static class DatabaseMigration
{
    private const long LockKey = 0x70726f766d6967; // "provmig"

    /// <summary>
    /// Runs what has not run yet. <paramref name="adminConnectionString"/> belongs to a role that may create roles and
    /// owns or administers the database; afterwards the objects belong to <c>{service}_owner</c> and
    /// <c>{service}_app</c> may log in with <paramref name="appPassword"/>. The scripts grant the rights of the application role.
    /// </summary>
    /// <param name="service">Short name, letters only, such as <c>directory</c>.</param>
    /// <param name="log">Receives one line per step.</param>
    public static async Task RunAsync(
        string adminConnectionString, string service, string appPassword, Assembly scripts, Action<string> log, CancellationToken cancellationToken)
    {
        await using var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(adminConnectionString) { Pooling = false });
        await using var connection = await admin.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        await DatabaseRoles.EnsureAsync(connection, service, appPassword, cancellationToken);

        var owner = new NpgsqlConnectionStringBuilder(adminConnectionString) { Options = $"-c role={service}_owner", Pooling = false };
        var result = DeployChanges.To
            .PostgresqlDatabase(owner.ConnectionString)
            .WithScriptsEmbeddedInAssembly(scripts, name => name.Contains(".Migrations.", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new DbUpLog(log))
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw Failed(result, service);
    }

    private static InvalidOperationException Failed(DatabaseUpgradeResult result, string service) => new(
        $"Migration of the {service} database stopped at {result.ErrorScript?.Name ?? "its start"}: {result.Error.Message} "
        + "Scripts before it are applied; this one was rolled back. Mend the cause and run --migrate again.", result.Error);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
