using Microsoft.Extensions.DependencyInjection;
using NativeServers;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AppHost.Tests.NativeServers;

/// <summary>What Aspire's integrations describe as containers, run as processes of this machine, without a container engine.</summary>
public sealed class RunNativelyTests
{
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(90), LongBefore = TimeSpan.FromSeconds(15);

    [Fact]
    public void The_container_is_swapped_for_a_process_that_keeps_its_name_references_and_arguments()
    {
        var builder = Builder();
        var postgres = builder.AddPostgres("server").WithDataVolume().WithArgs("-c", "max_connections=150");
        var database = postgres.AddDatabase("appdb", "app");

        postgres.RunNatively("/somewhere/server", 5555);

        var server = Assert.Single(builder.Resources.OfType<NativeServer>());
        Assert.Equal("server", server.Name);
        Assert.DoesNotContain(postgres.Resource, builder.Resources);
        Assert.Same(postgres.Resource, database.Resource.Parent);
        Assert.Same(postgres.Resource.Annotations, server.Annotations);
        Assert.DoesNotContain(server.Annotations, annotation => annotation is ContainerImageAnnotation or ContainerMountAnnotation);
        Assert.Equal(5555, postgres.Resource.PrimaryEndpoint.EndpointAnnotation.Port);
        Assert.Equal(postgres.Resource.ConnectionStringExpression.ValueExpression, server.ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public async Task PostgreSQL_starts_with_its_databases_keeps_them_over_a_restart_and_its_tables_go_to_the_disk_as_they_grow()
    {
        await using var directory = new TempDirectory();
        var port = FreePort.Next();
        await using (var first = await StartAsync(directory, port, "first"))
        {
            await using var database = NpgsqlDataSource.Create(await ConnectionStringAsync(first));
            await using var write = database.CreateCommand("CREATE TABLE kept AS SELECT current_setting('max_connections')::int AS connections");
            await write.ExecuteNonQueryAsync();
            await GrowAsync(database);
        }

        await using var second = await StartAsync(directory, port, "first");
        await using var again = NpgsqlDataSource.Create(await ConnectionStringAsync(second));
        await using var read = again.CreateCommand("SELECT connections FROM kept");
        Assert.Equal(150, await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Data_whose_password_is_another_are_told_in_the_log_of_the_resource_which_has_failed()
    {
        await using var directory = new TempDirectory();
        var port = FreePort.Next();
        await using (await StartAsync(directory, port, "first"))
        {
        }

        await using var second = Build(directory, port, "second");
        await second.StartAsync();
        await second.ResourceNotifications.WaitForResourceAsync("server", KnownResourceStates.FailedToStart).WaitAsync(Boot);
        var lines = new List<string>();
        var server = second.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<NativeServer>().Single();
        await foreach (var batch in second.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(server)) lines.AddRange(batch.Select(line => line.Content));
        Assert.Contains(lines, line => line.Contains("were created with another password", StringComparison.Ordinal));
        await second.StopAsync();
    }

    [Fact]
    public async Task RabbitMQ_is_healthy_for_its_user_and_refuses_another_password()
    {
        await using var directory = new TempDirectory();
        var builder = Builder();
        var broker = builder.AddRabbitMQ("broker").RunNatively(directory.File("broker"), new(FreePort.Next(), FreePort.Next(), FreePort.Next()));
        await using var app = builder.Build();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("broker").WaitAsync(Boot);

        var address = new Uri((await broker.Resource.ConnectionStringExpression.GetValueAsync(default))!);
        await using (await new ConnectionFactory { Uri = address }.CreateConnectionAsync())
        {
        }

        var wrong = new UriBuilder(address) { Password = "wrong" }.Uri;
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => new ConnectionFactory { Uri = wrong }.CreateConnectionAsync());
        await app.StopAsync();
    }

    private static async Task<DistributedApplication> StartAsync(TempDirectory directory, int port, string password)
    {
        var app = Build(directory, port, password);
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("appdb").WaitAsync(Boot);
        return app;
    }

    private static DistributedApplication Build(TempDirectory directory, int port, string password)
    {
        var builder = Builder();
        builder.Configuration["Parameters:password"] = password;
        var server = builder.AddPostgres("server", password: builder.AddParameter("password", secret: true)).WithArgs("-c", "max_connections=150");
        server.AddDatabase("appdb", "app");
        server.RunNatively(directory.File("server"), port);
        return builder.Build();
    }

    private static async Task<string> ConnectionStringAsync(DistributedApplication app) =>
        (await app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<PostgresDatabaseResource>().Single().ConnectionStringExpression.GetValueAsync(default))!;

    private static async Task GrowAsync(NpgsqlDataSource database)
    {
        await using var grow = database.CreateCommand("CREATE TABLE grown AS SELECT n, repeat('x', 1000) AS filling FROM generate_series(1, 30000) n");
        await grow.ExecuteNonQueryAsync();
        await using var where = database.CreateCommand("SELECT current_setting('data_directory') || '/' || pg_relation_filepath('grown')");
        var file = (string)(await where.ExecuteScalarAsync())!;
        if (!PageCache.IsTold(Path.GetDirectoryName(file)!)) return;
        await Eventually.BecomesAsync("pages that are not on the disk", () => Task.FromResult(PageCache.Dirty(file)), dirty => dirty == 0, LongBefore);
    }

    /// <summary>As the AppHost's own, which knows where DCP is.</summary>
    private static IDistributedApplicationBuilder Builder() =>
        Quiet(DistributedApplication.CreateBuilder(new DistributedApplicationOptions { AssemblyName = "AppHost", DisableDashboard = true }));

    private static IDistributedApplicationBuilder Quiet(IDistributedApplicationBuilder builder)
    {
        builder.Configuration["Logging:LogLevel:Default"] = "None";
        return builder;
    }
}
