using Microsoft.Extensions.Hosting;

namespace AppHost.RunMode;

/// <summary>
/// Aspire's dashboard is a web server with a heap for each core; for one developer a small heap does. Nothing here speaks https, so
/// it shows no red bar about a certificate. It is part of the model from the moment when hosted services start.
/// </summary>
#pragma warning disable ASPIRECERTIFICATES001 // experimental in Aspire 13
internal sealed class DashboardTuning(DistributedApplicationModel model) : IHostedService
{
    internal const string Dashboard = "aspire-dashboard";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCConserveMemory"] = "9",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0", // compiled code would be mapped twice
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources) resource.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
        foreach (var dashboard in model.Resources.Where(resource => resource.Name == Dashboard))
            dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(variables =>
            {
                foreach (var (name, value) in Settings) variables[name] = value;
            }));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
