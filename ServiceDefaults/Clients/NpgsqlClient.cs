using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>The same signature and configuration keys as Aspire.Npgsql, for builds without that package.</summary>
public static class NpgsqlClient
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>
    /// Registers a singleton <see cref="NpgsqlDataSource"/> with health check <c>PostgreSql</c>, tracing and metrics.
    /// Reads <c>ConnectionStrings:{name}</c>, else <c>Aspire:Npgsql[:{name}]:ConnectionString</c>.
    /// </summary>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        var settings = ClientSettings.Read(builder.Configuration, Section, connectionName);
        builder.Services.AddNpgsqlDataSource(settings.ConnectionString, source => configureDataSourceBuilder?.Invoke(source));
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().AddNpgSql(services => services.GetRequiredService<NpgsqlDataSource>(), name: "PostgreSql");
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
    }
}
