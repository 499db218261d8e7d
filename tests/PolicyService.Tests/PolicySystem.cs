using Contracts.Events.V1;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyService.Tests;
using ServiceDefaults.Access;
using ServiceDefaults.Projections;
using Testing;

[assembly: AssemblyFixture(typeof(PolicySystem))]

namespace PolicyService.Tests;

/// <summary>
/// The service as it runs, in this process: Kestrel, its own database, the broker. One for all tests, since MassTransit
/// keeps the first host's logger factory for the process; each test has an account of its own instead.
/// </summary>
public sealed class PolicySystem : IAsyncLifetime
{
    private readonly TestAccessTokens tokens = new();
    private TestDatabase database = null!;
    private WebApplication app = null!;
    private NpgsqlDataSource admin = null!;
    private WebApplication? replica;

    internal IServiceProvider Services => app.Services;

    internal TestAccessTokens Tokens => tokens;

    internal string Url => app.Urls.Single();

    /// <summary>What a rebuild reads.</summary>
    internal StubDirectory Directory { get; private set; } = null!;

    /// <summary>The parts of another instance, which is not started.</summary>
    internal IServiceProvider Replica => (replica ??= BuildReplica()).Services;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync("policy", typeof(PolicyApp).Assembly);
        admin = NpgsqlDataSource.Create(database.AdminConnectionString);
        Directory = await StubDirectory.StartAsync();
        app = BuildReplica();
        await app.StartAsync();
        await Eventually.TrueAsync("the service to be healthy", async () =>
        {
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri(Url + "/health"));
            return answer.IsSuccessStatusCode;
        });
    }

    /// <summary>Another instance of the service on the same database and queue; not started.</summary>
    internal WebApplication BuildReplica() => PolicyApp.Build(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:policydb={database.ConnectionString}",
            $"--ConnectionStrings:messaging={TestServers.RabbitMq}",
            $"--services:directory:http:0={Directory.Url}",
            "--Logging:LogLevel:Default=Warning",
            "--Feed:KeepAlive=00:00:01",
        ],
        builder => builder.Services.AddSingleton<ISigningKeySource>(tokens));

    internal PolicyClient Client(Guid account, string role = AdminRole.Owner, string? at = null) => new(at ?? Url, Token(account, role));

    internal string Token(Guid account, string role, TimeSpan? lifetime = null) => tokens.Mint(account, role, lifetime);

    /// <summary>As the directory does.</summary>
    internal Task PublishAsync(params IFact[] facts) => app.Services.GetRequiredService<IBus>().Publish(FactBatch.Of(facts));

    /// <summary>Past the broker; all facts in one transaction.</summary>
    internal Task ApplyAsync(params IFact[] facts) => ApplyAsync(app, facts);

    internal static Task ApplyAsync(WebApplication replica, params IFact[] facts) =>
        replica.Services.GetRequiredService<FactApplier>().ApplyAsync(facts, CancellationToken.None);

    /// <summary>A session of the superuser's.</summary>
    internal async Task<NpgsqlConnection> OpenAsync() => await admin.OpenConnectionAsync();

    /// <summary>As the superuser, to look behind the service.</summary>
    internal async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = admin.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (replica is not null) await replica.DisposeAsync();
        await Directory.DisposeAsync();
        await admin.DisposeAsync();
        await database.DisposeAsync();
        tokens.Dispose();
    }
}
