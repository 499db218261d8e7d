using System.Text.Json;
using Contracts.Events.V1;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;
using Testing;

namespace LicenseService.Tests.Outages;

/// <summary>
/// A service that follows the directory with a database and a queue of its own, both behind fronts that can be taken away.
/// It does nothing about facts but store them.
/// </summary>
internal sealed class ProjectionTestService : IAsyncDisposable
{
    private readonly TestAccessTokens tokens = new();
    private readonly TestDatabase database;
    private readonly StubDirectory directory;
    private readonly NpgsqlDataSource admin;

    private ProjectionTestService(TestDatabase database, StubDirectory directory)
    {
        (this.database, this.directory) = (database, directory);
        admin = NpgsqlDataSource.Create(database.AdminConnectionString);
        Database = new FaultyTcpProxy(new NpgsqlConnectionStringBuilder(database.ConnectionString).Port);
        Broker = new FaultyTcpProxy(new Uri(TestServers.RabbitMq).Port);
        Database.Listen();
        Broker.Listen();
    }

    internal FactQueue Queue { get; } = new($"test.facts.{Guid.NewGuid():n}");
    internal FaultyTcpProxy Database { get; }
    internal FaultyTcpProxy Broker { get; }

    internal static async Task<ProjectionTestService> CreateAsync() =>
        new(await TestDatabase.CreateAsync("license", typeof(LicenseApp).Assembly), await StubDirectory.StartAsync());

    /// <summary>Another replica of it.</summary>
    internal async Task<WebApplication> StartAsync(string returnAfter = "00:00:00.2")
    {
        var app = Build(returnAfter);
        await app.StartAsync();
        await Eventually.TrueAsync("the service to be healthy", async () => (await HealthAsync(app)).Status == 200);
        return app;
    }

    private WebApplication Build(string returnAfter)
    {
        var builder = WebApplication.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:followerdb={new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = Database.Port, Timeout = 5 }.ConnectionString}",
            $"--ConnectionStrings:messaging={new UriBuilder(TestServers.RabbitMq) { Port = Broker.Port }.Uri}",
            $"--services:directory:http:0={directory.Url}",
            $"--Messaging:SetAside:ReturnAfter={returnAfter}",
            "--Logging:LogLevel:Default=Error",
        ]);
        builder.AddServiceDefaults();
        builder.AddDatabase("followerdb");
        builder.AddAdminApi(_ => tokens);
        builder.AddFactProjections("messaging", Queue);
        builder.Services.AddSingleton<IFactReaction, NoReaction>();
        var app = builder.Build();
        app.UseAdminApi();
        app.MapDefaultEndpoints();
        app.MapAdminApi().MapGroup("/licenses").MapFactProjections();
        return app;
    }

    /// <summary>To its queue alone: what is wrong with a fact is nobody else's to bear.</summary>
    internal async Task SendAsync(LicenseSystem by, params IFact[] facts)
    {
        var queue = await by.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:" + Queue.Name));
        await queue.Send(FactBatch.Of(facts));
    }

    internal LicenseClient Client(WebApplication app) => new(app.Urls.Single(), tokens.Mint(Guid.NewGuid()));

    internal async Task<Answer> LagAsync(WebApplication app)
    {
        using var client = Client(app);
        return await client.GetAsync("lag");
    }

    internal static async Task<(int Status, JsonElement Checks)> HealthAsync(WebApplication app)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(app.Urls.Single() + "/health"));
        return ((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("checks"));
    }

    internal Task IsStoredAsync(UserChanged user) => Eventually.TrueAsync("the fact to be applied", async () =>
        await admin.RowsAsync("SELECT version FROM users WHERE user_id = $1", row => row.GetInt64(0), user.UserId) is [var version] && version == user.Version);

    internal static async Task<IChannel> ChannelAsync()
    {
        var connection = await new ConnectionFactory { Uri = new Uri(TestServers.RabbitMq) }.CreateConnectionAsync();
        return await connection.CreateChannelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using (var channel = await ChannelAsync())
        {
            foreach (var name in (string[])[Queue.Name, Queue.ErrorName])
            {
                await channel.ExchangeDeleteAsync(name);
                await channel.QueueDeleteAsync(name);
            }
        }
        Database.Dispose();
        Broker.Dispose();
        await directory.DisposeAsync();
        await admin.DisposeAsync();
        await database.DisposeAsync();
        tokens.Dispose();
    }

    private sealed class NoReaction : IFactReaction
    {
        public Task<Action?> ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken) => Task.FromResult<Action?>(null);

        public Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
