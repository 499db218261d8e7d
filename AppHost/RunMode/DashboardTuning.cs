using Microsoft.Extensions.Hosting;

namespace AppHost.RunMode;

/// <summary>
/// Configures Aspire's dashboard: a small heap instead of one heap per core, and no certificate warning, because no https is
/// used. The dashboard's resource is added to the model when hosted services start.
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
        ["DOTNET_EnableWriteXorExecute"] = "0", // saves memory: compiled code is not mapped twice
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
