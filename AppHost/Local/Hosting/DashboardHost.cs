using LocalRuntime.Dashboard;
using LocalRuntime.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Hosting;

/// <summary>Serves the dashboard as long as the system runs. Its token is kept, so that bookmarks and tabs survive a restart.</summary>
internal sealed class DashboardHost(ResourceBoard board, LocalSettings settings, SecretStore secrets, IConfiguration configuration) : IHostedService, IAsyncDisposable
{
    /// <summary>Where Aspire keeps its dashboard's token, for code that prints the address.</summary>
    private const string TokenKey = "AppHost:BrowserToken";

    private DashboardServer? _server;

    internal string? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.DashboardPort is not { } port) return;
        var token = secrets.GetOrCreate("dashboard-token", DashboardToken.New);
        try
        {
            _server = await DashboardServer.StartAsync(board, port, token, cancellationToken);
            configuration[TokenKey] = token;
            Address = _server.LoginAddress.ToString();
        }
        catch (IOException taken)
        {
            throw new StartupException($"Port {port} (dashboard) is used by another program. Stop that one (ss -ltnp shows it), or choose another with {LocalSettings.PortVariable("dashboard")}=PORT.", taken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
