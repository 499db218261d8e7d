using Contracts.Events.V1;
using LicenseService.Tests;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.Projections;
using Testing;

[assembly: AssemblyFixture(typeof(LicenseSystem))]

namespace LicenseService.Tests;

/// <summary>
/// The service as it runs, in this process: Kestrel, its own database, the broker. One for all tests, since MassTransit
/// keeps the first host's logger factory for the process; each test has an account of its own instead.
/// </summary>
public sealed class LicenseSystem : IAsyncLifetime
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
        database = await TestDatabase.CreateAsync("license", typeof(LicenseApp).Assembly);
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
    internal WebApplication BuildReplica(Action<IServiceCollection>? configure = null) => LicenseApp.Build(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:licensedb={database.ConnectionString}",
            $"--ConnectionStrings:messaging={TestServers.RabbitMq}",
            $"--services:directory:http:0={Directory.Url}",
            "--Logging:LogLevel:Default=Warning",
        ],
        builder =>
        {
            builder.Services.AddSingleton<ISigningKeySource>(tokens);
            configure?.Invoke(builder.Services);
        });

    internal LicenseClient Client(Guid account, string role = AdminRole.Owner, string? at = null) => new(at ?? Url, tokens.Mint(account, role));

    /// <summary>As the directory does.</summary>
    internal Task PublishAsync(params IFact[] facts) => app.Services.GetRequiredService<IBus>().Publish(FactBatch.Of(facts));

    /// <summary>Past the broker; all facts in one transaction.</summary>
    internal Task ApplyAsync(params IFact[] facts) => app.Services.GetRequiredService<FactApplier>().ApplyAsync(facts, CancellationToken.None);

    /// <summary>A user whom the service knows; its id.</summary>
    internal async Task<Guid> UserAsync(Guid account, Func<UserChanged, UserChanged>? change = null)
    {
        var fact = Facts.User(version: 1, account);
        await ApplyAsync(change?.Invoke(fact) ?? fact);
        return fact.UserId;
    }

    internal Task<List<string>> RefusalsAsync(Guid account, Guid user) =>
        RowsAsync("SELECT reason FROM refusals WHERE account_id = $1 AND user_id = $2", row => row.GetString(0), account, user);

    internal Task<List<string>> SeatHistoryAsync(Guid account, Guid user) => RowsAsync(
        "SELECT kind || ' ' || reason FROM grant_history WHERE account_id = $1 AND user_id = $2 ORDER BY entry", row => row.GetString(0), account, user);

    /// <summary>Nobody of the account is left to be judged, and nobody waits for a seat that is open.</summary>
    internal Task SettledAsync(Guid account) => admin.SettledAsync(account);

    internal async Task<NpgsqlConnection> OpenAsync() => await admin.OpenConnectionAsync();

    /// <summary>As the superuser, to look behind the service.</summary>
    internal Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values) => admin.RowsAsync(sql, read, values);

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
