using System.Net;
using System.Text.Json;
using AppHost.RunMode;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AppHost.Demo;

/// <summary>
/// Sets up the demo directories through the gateway's admin API once the system is ready, writes their URLs and tokens to
/// <c>endpoints.json</c> and the dashboard, and prints a summary.
/// </summary>
/// <param name="needs">The resources whose API is used; they must be healthy first.</param>
internal sealed partial class DemoSetupService(
    DemoDirectoriesResource demo, string[] needs, ResourceNotificationService resources, IConfiguration configuration, ILogger<DemoSetupService> logger) : BackgroundService
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var resource in needs) await resources.WaitForResourceHealthyAsync(resource, stoppingToken);
            await ShowAsync(KnownResourceStates.Starting);
            var endpoints = await SetUpAsync(stoppingToken);
            await Console.Out.WriteLineAsync(StartupSummary.Text(endpoints, demo.EndpointsFile));
            await ShowAsync(KnownResourceStates.Running, endpoints);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The system stopped before it was ready.
        }
        catch (Exception error) when (error is HttpRequestException or DistributedApplicationException or IOException or JsonException)
        {
            Failed(error.Message);
            await ShowAsync(KnownResourceStates.FailedToStart, reason: error.Message);
        }
    }

    /// <summary>Deletes the demo's directories with all their users and groups, and creates new ones.</summary>
    internal async Task<ExecuteCommandResult> ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var http = await DemoAdminClient.ConnectAsync(demo.Gateway, demo.AdminApiKey, cancellationToken);
            var api = new DemoAdminClient(http);
            foreach (var directory in await api.DirectoriesAsync(cancellationToken)) await api.DeleteDirectoryAsync(directory.Id, cancellationToken);
            await ShowAsync(KnownResourceStates.Running, await SetUpAsync(cancellationToken));
            return CommandResults.Success($"The demo has new directories; their addresses and tokens are in {demo.EndpointsFile}.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return CommandResults.Failure(error.Message);
        }
    }

    /// <summary>
    /// Sets up the demo with retries: right after the start a replica may refuse requests. A permanent error is reported after
    /// the last try.
    /// </summary>
    private async Task<EndpointsFile> SetUpAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SetUpOnceAsync(cancellationToken);
            }
            catch (HttpRequestException error) when (attempt < Attempts && error.StatusCode is null or >= HttpStatusCode.InternalServerError)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private async Task<EndpointsFile> SetUpOnceAsync(CancellationToken cancellationToken)
    {
        using var http = await DemoAdminClient.ConnectAsync(demo.Gateway, demo.AdminApiKey, cancellationToken);
        var gateway = http.BaseAddress!;
        var api = new DemoAdminClient(http);
        var data = new DemoData(api);

        var account = await api.AccountAsync(cancellationToken);
        var kept = await EndpointsFile.ReadAsync(demo.EndpointsFile, cancellationToken);
        var endpoints = new EndpointsFile
        {
            Gateway = gateway.GetLeftPart(UriPartial.Authority),
            Dashboard = DashboardAddress.Of(configuration),
            Account = account.Id.ToString(),
            AdminApiKey = http.DefaultRequestHeaders.Authorization!.Parameter!,
            Directories = await data.EnsureDirectoriesAsync(kept?.Directories ?? [], url => new Uri(gateway, new Uri(gateway, url).AbsolutePath).ToString(), cancellationToken),
        };
        await endpoints.WriteAsync(demo.EndpointsFile, cancellationToken);
        await data.EnsureLicensesAsync(cancellationToken);
        return endpoints;
    }

    /// <summary>Publishes the state of the resource with the URLs and masked tokens.</summary>
    private Task ShowAsync(string state, EndpointsFile? endpoints = null, string? reason = null) => resources.PublishUpdateAsync(demo, snapshot => snapshot with
    {
        State = state,
        StartTimeStamp = snapshot.StartTimeStamp ?? (state == KnownResourceStates.Running ? TimeProvider.System.GetUtcNow().UtcDateTime : null),
        Properties =
        [
            .. reason is null ? (ResourcePropertySnapshot[])[] : [new("Reason", reason)],
            .. endpoints is null ? (ResourcePropertySnapshot[])[] :
            [
                new("Endpoints file", demo.EndpointsFile),
                new("Admin API key", endpoints.AdminApiKey) { IsSensitive = true },
                .. endpoints.Directories.SelectMany(directory => (ResourcePropertySnapshot[])
                    [new($"{directory.Name}: base URL", directory.BaseUrl), new($"{directory.Name}: token", directory.Token) { IsSensitive = true }]),
            ],
        ],
    });

    [LoggerMessage(LogLevel.Error, "The demo directories could not be set up: {Reason}")]
    private partial void Failed(string reason);
}
