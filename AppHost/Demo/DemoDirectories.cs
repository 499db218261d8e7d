using System.Net.Http.Headers;
using AppHost.RunMode;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AppHost.Demo;

/// <summary>
/// When the system is ready: sets up the demo tenants as an administrator would, through the gateway; keeps their
/// addresses and tokens in <c>endpoints.json</c>; and tells the developer.
/// </summary>
internal sealed partial class DemoDirectories(
    DemoSettings settings, ResourceNotificationService resources, IConfiguration configuration, ILogger<DemoDirectories> logger) : BackgroundService
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var resource in settings.Needs) await resources.WaitForResourceHealthyAsync(resource, stoppingToken);
            await ShowAsync(KnownResourceStates.Starting);
            var endpoints = await SetUpAsync(stoppingToken);
            await ShowAsync(KnownResourceStates.Running);
            await Console.Out.WriteLineAsync(Welcome.Text(endpoints, settings.EndpointsFile));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The system stops before it was ready.
        }
        catch (Exception error) when (error is HttpRequestException or DistributedApplicationException or IOException or System.Text.Json.JsonException)
        {
            Failed(error.Message);
            await ShowAsync(KnownResourceStates.FailedToStart, error.Message);
        }
    }

    /// <summary>Right after the start a replica may still refuse; what is refused for a good reason is refused every time.</summary>
    private async Task<Endpoints> SetUpAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SetUpOnceAsync(cancellationToken);
            }
            catch (HttpRequestException error) when (attempt < Attempts && error.StatusCode is null or >= System.Net.HttpStatusCode.InternalServerError)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private async Task<Endpoints> SetUpOnceAsync(CancellationToken cancellationToken)
    {
        var gateway = new Uri((await settings.Resource.Gateway.GetValueAsync(cancellationToken))!);
        var key = (await settings.Resource.AdminApiKey.GetValueAsync(cancellationToken))!;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(15) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var api = new AdminApi(http);
        var tenants = new DemoTenants(api);

        var account = await api.AccountAsync(cancellationToken);
        var kept = await Endpoints.ReadAsync(settings.EndpointsFile, cancellationToken);
        var endpoints = new Endpoints
        {
            Gateway = gateway.GetLeftPart(UriPartial.Authority),
            Dashboard = DashboardAddress.Of(configuration),
            Account = account.Id.ToString(),
            AdminApiKey = key,
            Directories = await tenants.EnsureDirectoriesAsync(kept?.Directories ?? [], url => new Uri(gateway, new Uri(gateway, url).AbsolutePath).ToString(), cancellationToken),
        };
        await endpoints.WriteAsync(settings.EndpointsFile, cancellationToken);
        await tenants.EnsureLicensesAsync(cancellationToken);
        return endpoints;
    }

    private Task ShowAsync(string state, string? reason = null) => resources.PublishUpdateAsync(settings.Resource, snapshot => snapshot with
    {
        State = state,
        Properties = reason is null ? [] : [new ResourcePropertySnapshot("Reason", reason)],
    });

    [LoggerMessage(LogLevel.Error, "The demo directories could not be set up: {Reason}")]
    private partial void Failed(string reason);
}
