using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Dashboard;

/// <summary>
/// Serves a board on 127.0.0.1. Made from the empty builder: neither the environment nor files of the AppHost may change
/// where it listens, and it leaves console and signals to the AppHost.
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>Followers never end by themselves; what has not ended by then is cut off.</summary>
    private static readonly TimeSpan ShutdownBound = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private DashboardServer(WebApplication app, string token)
    {
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new UriBuilder(bound) { Host = "localhost" }.Uri;
        LoginAddress = new Uri(Address, $"{DashboardAccess.LoginPath}?{DashboardAccess.TokenParameter}={Uri.EscapeDataString(token)}");
    }

    public Uri Address { get; }

    /// <summary>Opens the dashboard signed in: for the terminal and nowhere else.</summary>
    public Uri LoginAddress { get; }

    /// <param name="port">0 takes any free one.</param>
    /// <param name="token">What opens the dashboard; <see cref="DashboardToken.New"/> makes one.</param>
    /// <exception cref="IOException">The port is taken; the message says what to do.</exception>
    public static async Task<DashboardServer> StartAsync(ResourceBoard board, int port, string token, CancellationToken cancellationToken)
    {
        var app = Build(board, port, token);
        try
        {
            await app.StartAsync(cancellationToken);
            return new DashboardServer(app, token);
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            if (IsPortTaken(failure))
                throw new IOException($"Port {port} of 127.0.0.1, which the dashboard needs, is in use. End the program that listens there, or give the dashboard another port.", failure);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(ResourceBoard board, int port, string token)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownBound);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DashboardJson.Default));

        var app = builder.Build();
        app.UseDashboardAccess(new DashboardToken(token));
        app.UseRouting();
        app.MapDashboardPages();
        app.MapDashboardApi(board);
        app.MapDashboardStreams(board);
        return app;
    }

    private static bool IsPortTaken(Exception failure) =>
        failure is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || failure.InnerException is { } inner && IsPortTaken(inner);

    /// <summary>Ctrl-C belongs to the AppHost, which stops the resources first and this server last.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
