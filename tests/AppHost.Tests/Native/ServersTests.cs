using AppHost.Tests.Hosting;
using Aspire.Hosting;
using LocalRuntime;
using LocalRuntime.Dashboard;
using LocalRuntime.Native;
using LocalRuntime.Processes;
using LocalRuntime.State;
using Npgsql;

namespace AppHost.Tests.Native;

/// <summary>The real PostgreSQL and RabbitMQ, as AppHost.cs uses them.</summary>
public sealed class ServersTests
{
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task They_start_keep_their_data_and_passwords_over_a_restart_and_come_back_after_a_crash()
    {
        using var directory = new TempDirectory();
        await using (var first = await StartAsync(directory))
        {
            await using var database = NpgsqlDataSource.Create(await HealthyDatabaseAsync(first));
            await using var write = database.CreateCommand("CREATE TABLE kept AS SELECT current_setting('max_connections')::int AS connections");
            await write.ExecuteNonQueryAsync();
            await BrokerAcceptsAsync(first);
        }

        await using var second = await StartAsync(directory);
        await using var again = NpgsqlDataSource.Create(await HealthyDatabaseAsync(second));
        await using var read = again.CreateCommand("SELECT connections FROM kept");
        Assert.Equal(150, await read.ExecuteScalarAsync());
        await BrokerAcceptsAsync(second);

        Signals.Send(second["broker"].Pid!.Value, Signal.Kill);
        await second.BecomesAsync("broker", snapshot => snapshot.Restarts == 1, Boot);
        await BrokerAcceptsAsync(second);
    }

    [Fact]
    public async Task Data_whose_password_is_another_stop_the_start_with_a_clear_sentence()
    {
        using var directory = new TempDirectory();
        PostgresServer Server(string password) => new(new(directory.File("server"), new PortBook(directory.File("ports.json"), 0).Stable("server"), "postgres", password, []));
        await using (await RunningServer.StartAsync(Server("first"), CancellationToken.None))
        {
        }

        var error = await Assert.ThrowsAsync<StartupException>(() => RunningServer.StartAsync(Server("second"), CancellationToken.None));

        Assert.Contains("were created with another password", error.Message, StringComparison.Ordinal);
    }

    private static Task<TestSystem> StartAsync(TempDirectory directory) => TestSystem.StartAsync(
        builder =>
        {
            var broker = builder.AddRabbitMQ("broker");
            var server = builder.AddPostgres("server").WithArgs("-c", "max_connections=150");
            var database = server.AddDatabase("appdb", "app");
            builder.AddScript("client", "exec sleep 1000").WithReference(database).WaitFor(database).WithReference(broker);
        },
        directory.Path,
        settings => settings with { StopGrace = TimeSpan.FromSeconds(10) });

    private static async Task<string> HealthyDatabaseAsync(TestSystem system) =>
        Value(await system.BecomesAsync("client", snapshot => snapshot.State == ResourceState.Running, Boot), "ConnectionStrings__appdb");

    private static async Task BrokerAcceptsAsync(TestSystem system)
    {
        await system.BecomesAsync("broker", snapshot => snapshot.Health == ResourceHealth.Healthy, Boot);
        var address = new Uri(Value(system["client"], "ConnectionStrings__broker"));
        var (user, password) = address.UserInfo.Split(':') is [var name, var secret] ? (name, secret) : throw new FormatException(address.UserInfo);
        Assert.Equal(Wellness.Well, await AmqpLogin.TryAsync(address.Port, user, password, CancellationToken.None));
        Assert.False((await AmqpLogin.TryAsync(address.Port, user, "wrong", CancellationToken.None)).IsWell);
    }

    private static string Value(ResourceSnapshot snapshot, string name) => snapshot.Environment.Single(variable => variable.Key == name).Value;
}
