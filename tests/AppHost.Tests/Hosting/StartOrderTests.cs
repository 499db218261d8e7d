using Aspire.Hosting;
using LocalRuntime.Dashboard;

namespace AppHost.Tests.Hosting;

public sealed class StartOrderTests
{
    [Fact]
    public async Task A_resource_starts_once_what_it_waits_for_is_healthy_and_not_before()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var server = builder.AddScript("server", "exec sleep 1000").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/health");
            builder.AddScript("client", "exec sleep 1000").WaitFor(server);
        });
        await system.BecomesAsync("server", snapshot => snapshot is { State: ResourceState.Running, Health: ResourceHealth.Unhealthy });
        Assert.Equal(ResourceState.Waiting, system["client"].State);

        await using var health = await HealthEndpoint.StartAsync(new Uri(system["server"].Endpoints[0].Address).Port);
        await system.BecomesAsync("client", ResourceState.Running);

        Assert.Equal(ResourceHealth.Healthy, system["server"].Health);
    }

    [Fact]
    public async Task A_service_starts_after_its_migration_has_ended_well()
    {
        using var directory = new TempDirectory();
        var journal = directory.File("journal");
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var migration = builder.AddScript("migration", $"sleep 0.3; echo migrated >> {journal}");
            builder.AddScript("service", $"echo started >> {journal}; exec sleep 1000").WaitForCompletion(migration);
        });

        await Eventually.TrueAsync("both wrote", async () => File.Exists(journal) && (await File.ReadAllLinesAsync(journal)).Length == 2);

        Assert.Equal(["migrated", "started"], await File.ReadAllLinesAsync(journal));
        Assert.Equal(ResourceState.Finished, system["migration"].State);
    }

    [Fact]
    public async Task A_migration_that_fails_keeps_its_service_from_starting_and_both_say_why()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var migration = builder.AddScript("migration", "echo 'error: relation exists' >&2; echo bye; exit 3");
            builder.AddScript("service", "exec sleep 1000").WaitForCompletion(migration);
        });

        var service = await system.BecomesAsync("service", ResourceState.FailedToStart);

        Assert.Equal("migration ended with exit code 3", service.StateReason);
        Assert.Equal("ended with exit code 3: error: relation exists", system["migration"].StateReason);
    }

    [Fact]
    public async Task What_need_not_wait_starts_beside_what_must()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            var never = builder.AddScript("never", "exec sleep 1000").WithHttpEndpoint().WithHttpHealthCheck();
            builder.AddScript("waits", "exec sleep 1000").WaitFor(never);
            builder.AddScript("starts-with-it", "exec sleep 1000").WaitForStart(never);
            builder.AddScript("free", "exec sleep 1000");
        });

        await system.BecomesAsync("free", ResourceState.Running);
        await system.BecomesAsync("starts-with-it", ResourceState.Running);

        Assert.Equal(ResourceState.Waiting, system["waits"].State);
    }

    [Fact]
    public async Task A_dependency_that_never_gets_healthy_is_waited_for_with_a_bound_and_named_with_its_problem()
    {
        await using var system = await TestSystem.StartAsync(
            builder =>
            {
                var server = builder.AddScript("server", "exec sleep 1000").WithHttpEndpoint().WithHttpHealthCheck("/health");
                builder.AddScript("client", "exec sleep 1000").WaitFor(server);
            },
            settings: defaults => defaults with { WaitBound = TimeSpan.FromSeconds(1) });

        var client = await system.BecomesAsync("client", ResourceState.FailedToStart);

        Assert.StartsWith("waited 1 s for server in vain: server is Running: http://localhost:", client.StateReason, StringComparison.Ordinal);
        Assert.Contains("refused", client.StateReason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_has_an_explicit_start_runs_when_it_is_told_to_and_once()
    {
        using var directory = new TempDirectory();
        await using var system = await TestSystem.StartAsync(builder => builder.AddScript("simulator", $"echo ran >> {directory.File("runs")}").WithExplicitStart());
        Assert.Equal(ResourceState.NotStarted, system["simulator"].State);

        await system.CommandAsync("simulator", ResourceCommand.Start);
        await system.BecomesAsync("simulator", ResourceState.Finished);
        await system.CommandAsync("simulator", ResourceCommand.Start);

        await Eventually.TrueAsync("it ran twice", async () => (await File.ReadAllLinesAsync(directory.File("runs"))).Length == 2);
    }
}
