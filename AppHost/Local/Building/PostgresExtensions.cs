using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        NotHere.Unless(userName is null, "another user name for PostgreSQL");
        var server = new PostgresServerResource(name, password?.Resource ?? builder.GeneratedPassword(name));
        server.Annotations.Add(new EndpointAnnotation(PostgresServerResource.EndpointName, "tcp", port) { Host = "127.0.0.1" });
        return builder.AddResource(server);
    }

    /// <summary>Created when the server is ready, if it is not there.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Add(database);
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>A child process writes to a directory, so its data always survive.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}
