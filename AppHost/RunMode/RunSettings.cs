using Microsoft.Extensions.Configuration;

namespace AppHost.RunMode;

/// <summary>Settings of a run on a developer's machine. All of them can be set by environment variables.</summary>
internal sealed record RunSettings
{
    private const int GatewayPortByDefault = 15_080, DashboardPortByDefault = 15_000;

    public required DataLocation Data { get; init; }

    /// <summary>Added to every usual port, so that a second system can run beside the first.</summary>
    public required int PortOffset { get; init; }

    public required int? GatewayPort { get; init; }

    public required int? DashboardPort { get; init; }

    /// <summary>PostgreSQL and RabbitMQ as containers, not as processes of this machine.</summary>
    public required bool ServersAreContainers { get; init; }

    /// <summary>Time limit for the system to become healthy.</summary>
    public TimeSpan StartBound { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>false with <c>PROVISIONING_DASHBOARD=none</c>: there is no dashboard, and no service exports telemetry. For measurements.</summary>
    internal static bool HasDashboard => Environment.GetEnvironmentVariable("PROVISIONING_DASHBOARD") != "none";

    internal static DistributedApplicationOptions BuilderOptions(string[] args) => new() { Args = args, DisableDashboard = !HasDashboard };

    /// <exception cref="StartupException">A setting is invalid.</exception>
    internal static RunSettings Read(IConfiguration configuration, string appHostDirectory)
    {
        return new()
        {
            Data = DataLocation.Of(appHostDirectory, configuration[DataLocation.Variable]),
            PortOffset = Number("PROVISIONING_PORT_OFFSET") ?? 0,
            GatewayPort = Number("PROVISIONING_GATEWAY_PORT"),
            DashboardPort = Number("PROVISIONING_DASHBOARD_PORT"),
            ServersAreContainers = configuration["PROVISIONING_SERVERS"] switch
            {
                null or "" or "native" => false,
                "container" => true,
                var other => throw new StartupException($"PROVISIONING_SERVERS={other}: say native (PostgreSQL and RabbitMQ of this machine) or container."),
            },
        };

        int? Number(string variable) => configuration[variable] switch
        {
            null or "" => null,
            var text when ushort.TryParse(text, out var number) => number,
            var text => throw new StartupException($"{variable}={text} is no port number."),
        };
    }

    internal int FixedGatewayPort(PersistentPorts ports) => ports.Fixed("gateway", GatewayPortByDefault, GatewayPort, "PROVISIONING_GATEWAY_PORT");

    internal int FixedDashboardPort(PersistentPorts ports) => ports.Fixed("dashboard", DashboardPortByDefault, DashboardPort, "PROVISIONING_DASHBOARD_PORT");
}
