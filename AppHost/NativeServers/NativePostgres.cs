using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace NativeServers;

/// <summary>PostgreSQL as a process of this machine instead of a container.</summary>
public static class NativePostgres
{
    /// <summary>
    /// Runs the server from Debian's package <c>postgresql</c>, see <c>postgres.sh</c>. Call it in run mode only, after everything
    /// else was said of the server and its databases may still be added; the manifest then still shows the container.
    /// </summary>
    /// <param name="postgres">As <c>AddPostgres</c> made it.</param>
    /// <param name="directory">Full path; holds the cluster and nothing else, and is made if it is not there.</param>
    /// <param name="port">Of 127.0.0.1.</param>
    /// <returns>The same builder: the container that it speaks of shares its annotations with the process.</returns>
    public static IResourceBuilder<PostgresServerResource> RunNatively(this IResourceBuilder<PostgresServerResource> postgres, string directory, int port)
    {
        var builder = postgres.ApplicationBuilder;
        var server = NativeServer.Replace(postgres, "postgres.sh", "tcp", port, [directory, NumberText.Of(port)]);

        var healthCheck = $"{server.Resource.Name}_native";
        string? connectionString = null;
        server.OnConnectionStringAvailable(async (_, available, cancellationToken) =>
        {
            connectionString = $"{await postgres.Resource.GetConnectionStringAsync(cancellationToken)};Database=postgres;Timeout=3;Pooling=false";
            foreach (var database in Databases()) await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(database, available.Services), cancellationToken);
        });
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck, services => new PatientHealthCheck(cancellationToken => ProbeAsync(services, cancellationToken), IsWrongPassword), failureStatus: null, tags: null));
        server.WithHealthCheck(healthCheck);

        SteadyWriteback? writeback = null;
        server.OnResourceReady(async (_, ready, cancellationToken) =>
        {
            foreach (var database in Databases()) await CreateAsync(database, connectionString, cancellationToken);
            await ShowDatabasesAsync(ready.Services, KnownResourceStates.Running);
            writeback ??= SteadyWriteback.Start(Path.Combine(directory, "data", "base"), ready.Services);
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
                // It runs, but will never do its work for anybody here.
                services.GetRequiredService<ResourceLoggerService>().GetLogger(server.Resource).WrongPassword(Path.Combine(directory, "data"), postgres.Resource.PasswordParameter.Name);
                await services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(server.Resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
                throw;
            }
        }

        IEnumerable<PostgresDatabaseResource> Databases() =>
            builder.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == postgres.Resource);

        // The integration shows a database as its container is; here the container is no resource any more.
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

    /// <summary>Under which name the dashboard looks for the resource that another one is shown below.</summary>
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
            // It is there from an earlier start.
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
    [LoggerMessage(LogLevel.Error, "The data in {Data} were created with another password than the parameter {Parameter} has now. Give it the earlier one, or remove the data.")]
    internal static partial void WrongPassword(this ILogger logger, string data, string parameter);
}
