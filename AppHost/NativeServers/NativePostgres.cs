using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace NativeServers;

/// <summary>Runs PostgreSQL as a local process instead of a container.</summary>
public static class NativePostgres
{
    /// <summary>
    /// Runs the server from Debian's package <c>postgresql</c>, see <c>postgres.sh</c>. Call it in run mode only, after the
    /// server is fully configured (databases may be added later). The published manifest still contains the container.
    /// </summary>
    /// <param name="postgres">As returned by <c>AddPostgres</c>.</param>
    /// <param name="directory">Full path of the cluster. It is created if it does not exist and must contain nothing else.</param>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <returns>The same builder; its container shares its annotations with the process.</returns>
    public static IResourceBuilder<PostgresServerResource> RunNatively(this IResourceBuilder<PostgresServerResource> postgres, string directory, int port)
    {
        var builder = postgres.ApplicationBuilder;
        var server = NativeServer.Replace(postgres, "postgres.sh", "tcp", port, [directory, InvariantNumber.Of(port)]);

        var healthCheck = $"{server.Resource.Name}_native";
        string? connectionString = null;
        server.OnConnectionStringAvailable(async (_, available, cancellationToken) =>
        {
            connectionString = $"{await postgres.Resource.GetConnectionStringAsync(cancellationToken)};Database=postgres;Timeout=3;Pooling=false";
            foreach (var database in Databases()) await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(database, available.Services), cancellationToken);
        });
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck, services => new RetryingHealthCheck(cancellationToken => ProbeAsync(services, cancellationToken), IsWrongPassword), failureStatus: null, tags: null));
        server.WithHealthCheck(healthCheck);

        ContinuousWriteback? writeback = null;
        server.OnResourceReady(async (_, ready, cancellationToken) =>
        {
            foreach (var database in Databases()) await CreateAsync(database, connectionString, cancellationToken);
            await ShowDatabasesAsync(ready.Services, KnownResourceStates.Running);
            writeback ??= ContinuousWriteback.Start(Path.Combine(directory, "data", "base"), ready.Services);
        });
        server.OnResourceStopped(async (_, stopped, _) => await ShowDatabasesAsync(stopped.Services, KnownResourceStates.Finished));
        return postgres;

        async Task ProbeAsync(IServiceProvider services, CancellationToken cancellationToken)
        {
            try
            {
                await ExecuteAsync(connectionString, "SELECT 1", cancellationToken);
            }
            catch (PostgresException refused) when (IsWrongPassword(refused))
            {
                // The server runs, but it will never accept this password.
                services.GetRequiredService<ResourceLoggerService>().GetLogger(server.Resource).WrongPassword(Path.Combine(directory, "data"), postgres.Resource.PasswordParameter.Name);
                await services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(server.Resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
                throw;
            }
        }

        IEnumerable<PostgresDatabaseResource> Databases() =>
            builder.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == postgres.Resource);

        // The integration copies a database's state from its container, which is no resource any more.
        async Task ShowDatabasesAsync(IServiceProvider services, string state)
        {
            var notifications = services.GetRequiredService<ResourceNotificationService>();
            var parent = notifications.TryGetCurrentState(server.Resource.Name, out var current) ? current.ResourceId : server.Resource.Name;
            foreach (var database in Databases())
                await notifications.PublishUpdateAsync(database, snapshot => snapshot with
                {
                    State = state,
                    StartTimeStamp = state == KnownResourceStates.Running ? snapshot.StartTimeStamp ?? current?.Snapshot.StartTimeStamp : snapshot.StartTimeStamp,
                    Properties = [.. snapshot.Properties.Where(property => property.Name != ParentProperty), new(ParentProperty, parent)],
                });
        }
    }

    /// <summary>Property with the name of the parent resource, below which the dashboard shows a resource.</summary>
    private const string ParentProperty = "resource.parentName";

    private static bool IsWrongPassword(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword };

    private static async Task CreateAsync(PostgresDatabaseResource database, string? connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connectionString, $"CREATE DATABASE \"{database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
        }
        catch (PostgresException exists) when (exists.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // The database exists from an earlier start.
        }
    }

    private static async Task ExecuteAsync(string? connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString ?? throw new InvalidOperationException("The server's address is not known yet."));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal static partial class NativePostgresLog
{
    [LoggerMessage(LogLevel.Error, "The data in {Data} were created with another password than the parameter {Parameter} has now. Set the parameter to the earlier password, or remove the data.")]
    internal static partial void WrongPassword(this ILogger logger, string data, string parameter);
}
