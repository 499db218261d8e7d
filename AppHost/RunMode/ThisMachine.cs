using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AppHost.RunMode;

/// <summary>
/// What a start on a developer's machine has beyond plain Aspire: data that lie where the servers' accounts can reach them, one
/// password beside the data that it opens, ports that stay the same, each replica at an address of its own, projects started from
/// what is built, restarts, a start that is bounded and says why it failed, and <c>apphost.json</c> for <c>./run</c>.
/// </summary>
internal sealed class ThisMachine
{
    private readonly IDistributedApplicationBuilder builder;
    private readonly SystemLock systemLock;

    private ThisMachine(IDistributedApplicationBuilder builder, RunSettings settings, SystemLock systemLock)
    {
        (this.builder, this.systemLock, Settings) = (builder, systemLock, settings);
        Ports = new KeptPorts(settings.Data.File("ports.json"), settings.PortOffset);
        Secrets = new KeptSecrets(settings.Data.Servers);
    }

    internal RunSettings Settings { get; }

    internal KeptPorts Ports { get; }

    private KeptSecrets Secrets { get; }

    /// <summary>
    /// Before anything else of the model: nobody else may run the same data, what a killed AppHost left behind is ended, and
    /// the dashboard gets its addresses and tokens. null when the model is only published.
    /// </summary>
    internal static async Task<ThisMachine?> TakeAsync(IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode) return null;
        return await ClearError.OrExitAsync(async () =>
        {
            var settings = RunSettings.Read(builder.Configuration, builder.AppHostDirectory);
            settings.Data.Create();
            var systemLock = SystemLock.Take(settings.Data);
            DiskSpace.Check(settings.Data);
            await Leftovers.EndAsync(SystemState.Read(settings.Data)?.Processes ?? [], patience: null, CancellationToken.None);
            var machine = new ThisMachine(builder, settings, systemLock);
            machine.SetUpDashboard();
            return machine;
        });
    }

    /// <summary>Where a server keeps its data. Full path.</summary>
    internal string DataOf(string resource) => Settings.Data.Server(resource);

    /// <summary>The same for a server in a container: the directory must be there before it is mounted.</summary>
    internal string DirectoryOf(string resource) => Directory.CreateDirectory(DataOf(resource)).FullName;

    internal int PortOf(string resource, string endpoint) => Ports.Stable($"{resource}/{endpoint}");

    /// <summary>After the whole model is said.</summary>
    internal void Apply()
    {
        ClearError.OrExit(() =>
        {
            foreach (var parameter in builder.Resources.OfType<ParameterResource>().ToList()) Keep(parameter);
            foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
            {
                BuiltProject.StartFromOutput(project);
                KeepAddress(project);
                TuneForThisMachine(project);
            }

            Ports.Save();
        });
        builder.Services.AddSingleton(Settings);
        builder.Services.AddSingleton(systemLock);
        builder.Services.AddSingleton<RestartPolicy>();
        builder.Services.AddSingleton<SystemWatch>();
        // Before Aspire's own, which return only when everything was set going.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<SystemWatch>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(14));
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, DashboardTuning>());
        // A start that fails is ended by SystemWatch, with its reason; until then others may still wait.
        builder.Services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.WaitOnResourceUnavailable);
    }

    /// <summary>Runs what was built until it is told to end. The exit code: 1 when the start was given up, with the reason as the last line.</summary>
    internal static async Task<int> RunAsync(DistributedApplication app)
    {
        var watch = app.Services.GetService<SystemWatch>();
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (watch?.Failure is not null)
        {
            // The start was given up while Aspire still set things going.
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
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true", // it never leaves this machine, so it needs no certificate either
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{PortOf("dashboard", "otlp")}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{PortOf("dashboard", "resources")}",
            // Nothing leaves this machine that nobody asked for.
            ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            // The terminal tells what comes up in a line each (TerminalProgress); a certificate is not needed without https.
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Aspire.Hosting.Dcp"] = "Error",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None", // a start that is given up is told by RunAsync
            ["AppHost:BrowserToken"] = Secrets.GetOrCreate("dashboard-token", NewToken),
            ["AppHost:OtlpApiKey"] = Secrets.GetOrCreate("dashboard-otlp-key", NewToken),
            ["AppHost:DashboardApiKey"] = Secrets.GetOrCreate("dashboard-api-key", NewToken),
            ["AppHost:McpApiKey"] = Secrets.GetOrCreate("dashboard-api-key", NewToken),
        });
    }

    /// <summary>A generated value is kept beside the data that it opens, not in the user's profile.</summary>
    private void Keep(ParameterResource parameter)
    {
        var key = $"Parameters:{parameter.Name}";
        if (parameter.Default is { } generator && string.IsNullOrEmpty(builder.Configuration[key]))
            builder.Configuration[key] = Secrets.GetOrCreate(parameter.Name, generator.GetDefaultValue);
    }

    /// <summary>
    /// DCP's proxy would answer one address for all replicas and take a random one for each connection; without it each has its
    /// own, which the gateway balances over and asks for its health.
    /// </summary>
    private void KeepAddress(ProjectResource project)
    {
        foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>())
        {
            var port = endpoint.IsExternal ? Settings.FixedGatewayPort(Ports) : Ports.Stable($"{project.Name}/{endpoint.Name}", Wanted(project, endpoint));
            (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied) = (port, port, false);
        }
    }

    /// <summary>The launch profile is the same for all replicas; the second takes the port behind the first one's.</summary>
    private int? Wanted(ProjectResource project, EndpointAnnotation endpoint)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        var before = builder.Resources.OfType<ProjectResource>().TakeWhile(each => each != project)
            .Count(each => each.GetProjectMetadata().ProjectPath == path && each.Annotations.OfType<EndpointAnnotation>().Any());
        return endpoint.Port + before;
    }

    private static void TuneForThisMachine(ProjectResource project) => project.Annotations.Add(new EnvironmentCallbackAnnotation(variables =>
    {
        // Behind a proxy the services still reach each other directly.
        var others = Environment.GetEnvironmentVariable("NO_PROXY") ?? Environment.GetEnvironmentVariable("no_proxy");
        variables["NO_PROXY"] = variables["no_proxy"] = string.Join(',', new[] { others, "localhost", "127.0.0.1" }.Where(hosts => !string.IsNullOrEmpty(hosts)));
        // A heap for each core is for a machine of a service's own; here all services, two servers and the dashboard share one.
        variables["DOTNET_gcServer"] = "0";
        // Aspire names its collector even when nobody listens there; each service would trace, batch and retry for nothing.
        if (!RunSettings.HasDashboard) variables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    }));

    private static string NewToken() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
