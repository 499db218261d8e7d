using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Migrations;

/// <summary><c>dotnet X.dll --migrate</c>: migrates and exits, 0 when the database is as the code expects.</summary>
public static class MigrationCommand
{
    public const string Switch = "--migrate";

    /// <summary>
    /// Runs the migration when <paramref name="args"/> contain <c>--migrate</c>, then <paramref name="afterwards"/> with the
    /// admin connection string. Returns whether it ran.
    /// Reads <c>ConnectionStrings:{connectionName}</c> (an administrator) and <c>Migration:AppPassword</c>.
    /// </summary>
    public static async Task<bool> TryRunAsync(
        string[] args,
        string connectionName,
        string service,
        Func<IConfiguration, string, CancellationToken, Task>? afterwards = null)
    {
        if (!args.Contains(Switch)) return false;
        var configuration = Host.CreateApplicationBuilder(args.Where(arg => arg != Switch).ToArray()).Configuration;
        var connection = Required(configuration, $"ConnectionStrings:{connectionName}");
        var password = Required(configuration, "Migration:AppPassword");
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, cancel) => { cancel.Cancel = true; interrupted.Cancel(); };
        await DatabaseMigration.RunAsync(connection, service, password, Assembly.GetEntryAssembly()!, Console.WriteLine, interrupted.Token);
        if (afterwards is not null) await afterwards(configuration, connection, interrupted.Token);
        return true;
    }

    private static string Required(ConfigurationManager configuration, string key) =>
        configuration[key] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{Switch} needs {key}. Set the environment variable {key.Replace(":", "__", StringComparison.Ordinal)}.");
}
