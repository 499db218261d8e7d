using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DirectoryService.Admin.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Storage;
using Testing;

[assembly: AssemblyFixture(typeof(DirectoryService.Tests.DirectoryFixture))]

namespace DirectoryService.Tests;

/// <summary>The service in this process, on a real database and broker, with an account and its owner's API key.</summary>
public sealed class DirectoryFixture : IAsyncLifetime
{
    public const string ApiKey = "prov_tests_0123456789-0123456789_0123456789-0123456789";

    private TestDatabase? database;
    private WebApplication? app;
    private StubDownstreamServices? neighbours;

    /// <summary>Of another account's owner.</summary>
    public string StrangerKey { get; private set; } = "";

    public HttpClient Http { get; } = new();
    /// <summary>With the limits of background work: what tests prepare takes longer than a request may.</summary>
    public NpgsqlDataSource Db => app!.Services.GetRequiredKeyedService<NpgsqlDataSource>(Database.Background);
    /// <summary>Past the application's rights: what the tables themselves refuse.</summary>
    public string OwnerConnectionString => database!.AdminConnectionString;
    public string ConnectionString => database!.ConnectionString;

    public StubDownstreamServices Neighbours => neighbours!;

    public Uri Address => new(app!.Urls.First());
    public IServiceProvider Services => app!.Services;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Bootstrap:AdminApiKey"] = ApiKey,
            ["Bootstrap:AccountName"] = "Tests",
        }).Build();
        await Bootstrap.RunAsync(configuration, database.AdminConnectionString, CancellationToken.None);

        StrangerKey = await AddAccountAsync(database.AdminConnectionString);

        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:directorydb"] = database.ConnectionString;
        builder.Configuration["ConnectionStrings:messaging"] = TestServers.RabbitMq;
        neighbours = await StubDownstreamServices.StartAsync();
        builder.Configuration["services:license:http:0"] = neighbours.Url;
        builder.Configuration["services:policy:http:0"] = neighbours.Url;
        builder.Configuration["Alerts:MassDeactivation:Every"] = "00:00:00.2";
        builder.Configuration["SearchAttributes:SettleAfter"] = "00:00:06"; // longer than a token is cached
        builder.Configuration["SearchAttributes:Every"] = "00:00:00.3";
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        app = DirectoryApp.Build(builder);
        await app.StartAsync();
        Http.BaseAddress = Address;
    }

    private static async Task<string> AddAccountAsync(string connectionString)
    {
        var (stored, shown) = Secret.Create(Secret.Api);
        await using var db = NpgsqlDataSource.Create(connectionString);
        await using var command = db.CreateCommand("""
            WITH made AS (INSERT INTO accounts (id, name, created_at) VALUES (gen_random_uuid(), 'Strangers', now()) RETURNING id)
            INSERT INTO api_keys (key_id, account_id, name, role, secret_hash, created_at) SELECT $1, id, 'Stranger', 'owner', $2, now() FROM made
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stored.KeyId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = stored.Hash });
        await command.ExecuteNonQueryAsync();
        return shown;
    }

    /// <summary>A client of <c>/api/v1</c> that acts for the account's owner.</summary>
    public async Task<HttpClient> AdminAsync(string apiKey = ApiKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/access-tokens");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        using var response = await Http.SendAsync(request);
        var token = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["accessToken"]!.GetValue<string>();
        return new HttpClient { BaseAddress = Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
    }

    /// <summary>A new directory, as an IdP of that kind would use it.</summary>
    public async Task<ScimClient> DirectoryAsync(string provider = "Generic")
    {
        using var admin = await AdminAsync();
        using var response = await admin.PostAsJsonAsync("/api/v1/directories", new { name = $"{provider} {Guid.NewGuid():n}", provider });
        var created = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
        return new ScimClient(created["baseUrl"]!.GetValue<string>(), created["token"]!.GetValue<string>(), created["id"]!.GetValue<Guid>());
    }

    /// <summary>Whether requests of the directory's token search by the attributes that its admin chose.</summary>
    public async Task<bool> KnowsSearchAttributesAsync(ScimClient scim) =>
        (await app!.Services.GetRequiredService<DirectoryService.Scim.ScimTokenCache>().AuthenticateAsync(scim.Token, CancellationToken.None))!.SearchAttributes is { Count: > 0 } chosen
        && chosen.All(attribute => attribute.IsReady);

    /// <summary>Copies of one user of the directory, past the API: for tests of what large groups do.</summary>
    public async Task<Guid[]> CopyUsersAsync(ScimClient scim, int count)
    {
        await using var command = Db.CreateCommand("""
            INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, user_name_key, document, created_at, modified_at)
            SELECT gen_random_uuid(), account_id, directory_id, gen_random_uuid(), 1, 1, true, 'copy' || n, jsonb_build_object('userName', 'copy' || n), created_at, modified_at
            FROM (SELECT * FROM users WHERE directory_id = $1 LIMIT 1) u, generate_series(1, $2) n RETURNING scim_id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = scim.DirectoryId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        var ids = new List<Guid>(count);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return [.. ids];
    }

    /// <summary>Events of one aggregate, oldest first: version, type, change.</summary>
    public async Task<IReadOnlyList<(long? Version, string Type, string Change)>> EventsAsync(Guid aggregateId)
    {
        await using var command = Db.CreateCommand("SELECT version, type, change FROM events WHERE aggregate_id = $1 ORDER BY at, version");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = aggregateId });
        var events = new List<(long?, string, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) events.Add((reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return events;
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Db.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (app is not null) await app.DisposeAsync();
        if (neighbours is not null) await neighbours.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }
}
