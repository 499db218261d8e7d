using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace DirectoryService.Tests;

/// <summary>Another replica of the fixture's service on the same database, which can be taken away from it.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication app;

    private Replica(WebApplication app, FaultyTcpProxy database) => (this.app, Database) = (app, database);

    internal FaultyTcpProxy Database { get; }

    internal Uri Address => new(app.Urls.First());

    internal static async Task<Replica> StartAsync(DirectoryFixture fixture, int? connections = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(fixture.ConnectionString);
        var front = new FaultyTcpProxy(settings.Port);
        front.Listen();
        settings.Port = front.Port;
        settings.Timeout = 5;
        settings.MinPoolSize = 0;
        if (connections is { } most) settings.MaxPoolSize = most;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:directorydb"] = settings.ConnectionString;
        builder.Configuration["ConnectionStrings:messaging"] = TestServers.RabbitMq;
        builder.Configuration["services:license:http:0"] = fixture.Neighbours.Url;
        builder.Configuration["services:policy:http:0"] = fixture.Neighbours.Url;
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        var app = DirectoryApp.Build(builder);
        await app.StartAsync();
        return new Replica(app, front);
    }

    internal NpgsqlDataSource Db => app.Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>The same directory, asked here.</summary>
    internal ScimClient Scim(ScimClient of) => new(new Uri(Address, new Uri(of.BaseUrl).AbsolutePath).ToString(), of.Token, of.DirectoryId);

    /// <summary>The fixture's owner, who asks here.</summary>
    internal async Task<HttpClient> AdminAsync(DirectoryFixture fixture)
    {
        var admin = await fixture.AdminAsync();
        admin.BaseAddress = Address;
        return admin;
    }

    public async ValueTask DisposeAsync()
    {
        Database.Listen();
        await app.StopAsync();
        await app.DisposeAsync();
        Database.Dispose();
    }
}
