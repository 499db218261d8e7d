using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// Registers a service's database with a limit for each statement: <see cref="RequestLimit"/> while a request is answered,
/// <see cref="BackgroundLimit"/> for background work. A statement that needs another limit sets it itself
/// (<see cref="NpgsqlCommand.CommandTimeout"/>).
/// <code>
/// NpgsqlDataSource                                    requests
/// [FromKeyedServices(Database.Background)] …          facts, rebuilds, jobs, the relay, periodic work
/// </code>
/// There are two pools, because the limit belongs to a connection: everything that runs on it, such as a reaction to facts, has
/// the same limit. Npgsql measures the time in which the server sends nothing and cancels the statement, so a stream of rows has
/// no limit, and no session setting has to be set and reset.
/// </summary>
public static class Database
{
    /// <summary>Key of the data source for background work.</summary>
    public const string Background = "background";

    public static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan BackgroundLimit = TimeSpan.FromSeconds(30);

    /// <summary>Background loops and consumers use one connection each at a time, and a rebuild one for each account.</summary>
    private const int MostInBackground = 20;

    /// <summary>Both data sources of the connection string <paramref name="connectionName"/>.</summary>
    public static void AddDatabase(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.AddNpgsqlDataSource(connectionName, settings => settings.ConnectionString = With(settings.ConnectionString, RequestLimit).ConnectionString);
        builder.Services.AddKeyedSingleton(Background, (services, _) =>
        {
            var connection = With(builder.Configuration.GetConnectionString(connectionName), BackgroundLimit);
            connection.MaxPoolSize = Math.Min(connection.MaxPoolSize, MostInBackground);
            connection.MinPoolSize = 0;
            var source = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = $"{connectionName}-{Background}" };
            return source.UseLoggerFactory(services.GetService<ILoggerFactory>()).Build();
        });
    }

    private static NpgsqlConnectionStringBuilder With(string? connectionString, TimeSpan limit) =>
        new(connectionString) { CommandTimeout = (int)limit.TotalSeconds };
}
