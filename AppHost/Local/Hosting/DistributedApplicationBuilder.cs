using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Hosting;
using LocalRuntime.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    /// <summary>Written by the project file: the folder of the AppHost's project.</summary>
    private const string AppHostDirectoryKey = "apphostdirectory";

    private readonly HostApplicationBuilder _host;
    private readonly LocalSettings _settings;
    private readonly DistributedApplicationModel _model = new();
    private readonly string[] _args;

    internal DistributedApplicationBuilder(string[] args, LocalSettings settings)
    {
        (_args, _settings) = (args, settings);
        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = settings.AppHostDirectory });
        Secrets = new SecretStore(settings.Data.Servers);
        if (settings.DashboardPort is { } port) Configuration["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        AddServices();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory => _settings.AppHostDirectory;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    internal SecretStore Secrets { get; }

    internal static DistributedApplicationBuilder FromEnvironment(string[] args)
    {
        var directory = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == AppHostDirectoryKey)?.Value
            ?? throw new InvalidOperationException("The AppHost's project file did not write where it lies.");
        return new(args, LocalSettings.FromEnvironment(directory));
    }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        _model.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build() => new(_host.Build(), _args);

    private void AddServices()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_settings);
        Services.AddSingleton(_model);
        Services.AddSingleton(Secrets);
        Services.AddSingleton<ResourceBoard>();
        Services.AddSingleton(services => new ResourceNotificationService(services.GetRequiredService<ResourceBoard>(), services.GetRequiredService<TimeProvider>()));
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton<DashboardHost>();
        // Stopped in the opposite order: the reporters see the end of everything, the state file is written last.
        Services.AddHostedService<StateWriter>();
        Services.AddHostedService<ConsoleReporter>();
        Services.AddHostedService(services => services.GetRequiredService<DashboardHost>());
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        _host.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It would show a failed start with its stack before the sentence that is meant for the user.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
