using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// A service's database, with the longest that a statement of it may take: <see cref="RequestLimit"/> for whoever answers a
/// request, <see cref="BackgroundLimit"/> for what nobody waits for. Where a statement needs another limit it says so itself
/// (<see cref="NpgsqlCommand.CommandTimeout"/>).
/// <code>
/// NpgsqlDataSource                                    requests
/// [FromKeyedServices(Database.Background)] …          facts, rebuilds, jobs, the relay, what is done again and again
/// </code>
/// They are two pools, because the limit belongs to a connection: whatever runs on it, in a reaction to facts for example, has
/// the limit of whoever opened it. Npgsql counts while it waits for the server and cancels the statement, so rows that keep
/// coming have no limit, and no setting of the server's session has to be made or taken back.
/// </summary>
public static class Database
{
    /// <summary>Key of the data source for background work.</summary>
    public const string Background = "background";

    public static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan BackgroundLimit = TimeSpan.FromSeconds(30);

    /// <summary>Loops and consumers work one at a time each; only a rebuild keeps a connection, one for each account.</summary>
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
