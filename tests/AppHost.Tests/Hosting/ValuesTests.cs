using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;

namespace AppHost.Tests.Hosting;

/// <summary>What a process finds in its environment.</summary>
public sealed class ValuesTests
{
    [Fact]
    public async Task Each_replica_has_a_port_of_its_own_and_its_clients_know_them_all()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var server = builder.AddScript("server", "exec sleep 1000").WithHttpEndpoint(env: "PORT");
            server.Resource.Annotations.Add(new ReplicaAnnotation(2));
            builder.AddScript("client", "exec sleep 1000").WithReference(server);
        });
        var client = await system.BecomesAsync("client", ResourceState.Running);
        var ports = new List<string>();
        foreach (var replica in new[] { "server-0", "server-1" })
            ports.Add(Value(await system.BecomesAsync(replica, ResourceState.Running), "PORT"));

        Assert.Equal(2, ports.Distinct().Count());
        Assert.Equal($"http://localhost:{ports[0]}", Value(client, "services__server__http__0"));
        Assert.Equal($"http://localhost:{ports[1]}", Value(client, "services__server__http__1"));
    }

    [Fact]
    public async Task What_holds_a_secret_is_marked_and_what_does_not_is_not()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var password = builder.AddParameter("password", new GenerateParameterDefault { MinLength = 22 }, secret: true, persist: true);
            builder.AddScript("client", "exec sleep 1000")
                .WithEnvironment("KEY", ReferenceExpression.Create($"prov_{password}"))
                .WithEnvironment("PASSWORD", password)
                .WithReference(builder.AddConnectionString("app", ReferenceExpression.Create($"Host=here;Password={password}")), connectionName: "db")
                .WithEnvironment("PLAIN", "text");
        });

        var client = await system.BecomesAsync("client", ResourceState.Running);

        var secret = Value(client, "PASSWORD");
        Assert.Equal(22, secret.Length);
        Assert.Equal("prov_" + secret, Value(client, "KEY"));
        Assert.Equal("Host=here;Password=" + secret, Value(client, "ConnectionStrings__db"));
        Assert.Equal(["ConnectionStrings__db", "KEY", "PASSWORD"], client.Environment.Where(variable => variable.Secret).Select(variable => variable.Key));
    }

    [Fact]
    public async Task A_process_gets_its_values_and_not_the_settings_of_the_AppHost()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_APPHOST_TEST", "leaks");
        await using var system = await TestSystem.StartAsync(builder => builder.AddScript("show", "env").WithEnvironment("GREETING", "hello = world"));

        await system.BecomesAsync("show", ResourceState.Finished);

        var lines = system.Board.Log.Read("show").Select(line => line.Text).ToList();
        Assert.Contains("GREETING=hello = world", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("ASPNETCORE_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ports_and_secrets_are_the_same_after_a_restart()
    {
        using var directory = new TempDirectory();
        async Task<(string, string)> RunOnceAsync()
        {
            await using var system = await TestSystem.StartAsync(builder =>
            {
                var secret = builder.AddParameter("secret", new GenerateParameterDefault { MinLength = 40 }, secret: true, persist: true);
                builder.AddScript("server", "exec sleep 1000").WithHttpEndpoint(env: "PORT").WithEnvironment("SECRET", secret);
            }, directory.Path);
            var server = await system.BecomesAsync("server", ResourceState.Running);
            return (Value(server, "PORT"), Value(server, "SECRET"));
        }

        Assert.Equal(await RunOnceAsync(), await RunOnceAsync());
    }

    private static string Value(ResourceSnapshot snapshot, string name) => snapshot.Environment.Single(variable => variable.Key == name).Value;
}
