using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AppHost.RunMode;

/// <summary>
/// Everything that a run on a developer's machine adds to plain Aspire: data directories that the servers' accounts can access,
/// secrets stored beside the data, stable ports, one address per replica, projects started from their build output, restarts, a
/// start with a time limit and a reason for its failure, and <c>apphost.json</c> for <c>./run</c>.
/// </summary>
internal sealed class LocalRun
{
    private readonly IDistributedApplicationBuilder builder;
    private readonly SystemLock systemLock;

    private LocalRun(IDistributedApplicationBuilder builder, RunSettings settings, SystemLock systemLock)
    {
        (this.builder, this.systemLock, Settings) = (builder, systemLock, settings);
        Ports = new PersistentPorts(settings.Data.File("ports.json"), settings.PortOffset);
        Secrets = new PersistentSecrets(settings.Data.Servers);
    }

    internal RunSettings Settings { get; }

    internal PersistentPorts Ports { get; }

    private PersistentSecrets Secrets { get; }

    /// <summary>
    /// Call it before the model is built: takes the lock of the data directory, ends processes of a killed AppHost, and
    /// configures the dashboard's addresses and tokens. Returns null in publish mode.
    /// </summary>
    internal static async Task<LocalRun?> CreateAsync(IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode) return null;
        return await StartupErrorHandler.RunOrExitAsync(async () =>
        {
            var settings = RunSettings.Read(builder.Configuration, builder.AppHostDirectory);
            settings.Data.Create();
            var systemLock = SystemLock.Take(settings.Data);
            DiskSpace.Check(settings.Data);
            await OrphanProcesses.EndAsync(SystemState.Read(settings.Data)?.Processes ?? [], patience: null, CancellationToken.None);
            var machine = new LocalRun(builder, settings, systemLock);
            machine.SetUpDashboard();
            return machine;
        });
    }

    /// <summary>Full path of a server's data directory.</summary>
    internal string DataOf(string resource) => Settings.Data.Server(resource);

    /// <summary>The same for a server in a container, whose directory must exist before it is mounted.</summary>
    internal string DirectoryOf(string resource) => Directory.CreateDirectory(DataOf(resource)).FullName;

    internal int PortOf(string resource, string endpoint) => Ports.Stable($"{resource}/{endpoint}");

    /// <summary>Call it after the whole model is built.</summary>
    internal void Apply()
    {
        StartupErrorHandler.RunOrExit(() =>
        {
            foreach (var parameter in builder.Resources.OfType<ParameterResource>().ToList()) Store(parameter);
            foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
            {
                BuiltProject.StartFromOutput(project);
                DisableProxy(project);
                ReduceMemory(project);
            }

            Ports.Save();
        });
        builder.Services.AddSingleton(Settings);
        builder.Services.AddSingleton(systemLock);
        builder.Services.AddSingleton<RestartPolicy>();
        builder.Services.AddSingleton<ResourceSupervisor>();
        // Inserted before Aspire's hosted services, whose start returns only when all resources were started.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<ResourceSupervisor>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(14));
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, DashboardTuning>());
        // ResourceSupervisor ends a failed start with its reason; until then dependents keep waiting.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);
    }

    /// <summary>
    /// Runs the application until it is stopped. Exit code 1 when the start failed, with the reason as the last line of output.
    /// </summary>
    internal static async Task<int> RunAsync(DistributedApplication app)
    {
        var watch = app.Services.GetService<ResourceSupervisor>();
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (watch?.Failure is not null)
        {
            // The start failed while Aspire was still starting resources.
        }

        if (watch?.Failure is not { } failure) return 0;
        await Console.Error.WriteLineAsync(failure);
        return 1;
    }

    private void SetUpDashboard()
    {
        var dashboard = Settings.FixedDashboardPort(Ports);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://localhost:{dashboard}",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true", // traffic stays on this machine, so no certificate is needed
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{PortOf("dashboard", "otlp")}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{PortOf("dashboard", "resources")}",
            // Aspire's usage telemetry is off.
            ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            // TerminalProgress prints the progress; Aspire's own log would repeat it.
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Aspire.Hosting.Dcp"] = "Error",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None", // RunAsync prints the reason of a failed start
            ["AppHost:BrowserToken"] = Secrets.GetOrCreate("dashboard-token", NewToken),
            ["AppHost:OtlpApiKey"] = Secrets.GetOrCreate("dashboard-otlp-key", NewToken),
            ["AppHost:DashboardApiKey"] = Secrets.GetOrCreate("dashboard-api-key", NewToken),
            ["AppHost:McpApiKey"] = Secrets.GetOrCreate("dashboard-api-key", NewToken),
        });
    }

    /// <summary>Stores a generated parameter beside the data that it protects, not in the user's profile.</summary>
    private void Store(ParameterResource parameter)
    {
        var key = $"Parameters:{parameter.Name}";
        if (parameter.Default is { } generator && string.IsNullOrEmpty(builder.Configuration[key]))
            builder.Configuration[key] = Secrets.GetOrCreate(parameter.Name, generator.GetDefaultValue);
    }

    /// <summary>
    /// Turns DCP's proxy off. It would serve one address for all replicas and choose a random one for each connection; without
    /// it each replica has its own address, which the gateway needs for balancing and health checks.
    /// </summary>
    private void DisableProxy(ProjectResource project)
    {
        foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>())
        {
            var port = endpoint.IsExternal ? Settings.FixedGatewayPort(Ports) : Ports.Stable($"{project.Name}/{endpoint.Name}", Wanted(project, endpoint));
            (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied) = (port, port, false);
        }
    }

    /// <summary>The wanted port: that of the launch profile, plus one for the second replica.</summary>
    private int? Wanted(ProjectResource project, EndpointAnnotation endpoint)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        var before = builder.Resources.OfType<ProjectResource>().TakeWhile(each => each != project)
            .Count(each => each.GetProjectMetadata().ProjectPath == path && each.Annotations.OfType<EndpointAnnotation>().Any());
        return endpoint.Port + before;
    }

    private static void ReduceMemory(ProjectResource project) => project.Annotations.Add(new EnvironmentCallbackAnnotation(variables =>
    {
        // With an HTTP proxy configured the services still connect to each other directly.
        var others = Environment.GetEnvironmentVariable("NO_PROXY") ?? Environment.GetEnvironmentVariable("no_proxy");
        variables["NO_PROXY"] = variables["no_proxy"] = string.Join(',', new[] { others, "localhost", "127.0.0.1" }.Where(hosts => !string.IsNullOrEmpty(hosts)));
        // Server GC with a heap per core suits a dedicated machine; here all services, two servers and the dashboard share one.
        variables["DOTNET_gcServer"] = "0";
        // Aspire sets the collector's address even without a dashboard; each service would trace, batch and retry in vain.
        if (!RunSettings.HasDashboard) variables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    }));

    private static string NewToken() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
