using LocalRuntime.Building;
using LocalRuntime.State;

namespace LocalRuntime.Hosting;

/// <summary>How this machine runs the system, as opposed to what the system is.</summary>
internal sealed record LocalSettings
{
    private const int DashboardPortByDefault = 15_000;

    /// <summary>The folder of AppHost.csproj.</summary>
    public required string AppHostDirectory { get; init; }

    public required DataLocation Data { get; init; }

    /// <summary>Null: no dashboard.</summary>
    public int? DashboardPort { get; init; }

    /// <summary>Added to every port that launch settings name, so that a second system can run beside the first.</summary>
    public int PortOffset { get; init; }

    /// <summary>The port that the user chose for an external endpoint of this resource, or null.</summary>
    public Func<string, int?> PortOverride { get; init; } = _ => null;

    /// <summary>How long a resource waits for what it depends on.</summary>
    public TimeSpan WaitBound { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Services first, then servers: twice this is less than the ten seconds in which all must be over.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Where people read along.</summary>
    public TextWriter Terminal { get; init; } = Console.Out;

    public RestartPolicy Restarts { get; init; } = new();

    public static LocalSettings FromEnvironment(string appHostDirectory)
    {
        var offset = Number("PROVISIONING_PORT_OFFSET") ?? 0;
        var dashboard = LaunchProfile.First(Path.Combine(appHostDirectory, "AppHost.csproj")) is { Urls: [var url, ..] } ? url.Port : DashboardPortByDefault;
        return new()
        {
            AppHostDirectory = appHostDirectory,
            Data = DataLocation.Resolve(appHostDirectory),
            PortOffset = offset,
            PortOverride = resource => Number(PortVariable(resource)),
            DashboardPort = Number(PortVariable("dashboard")) ?? dashboard + offset,
        };
    }

    internal static string PortVariable(string resource) => $"PROVISIONING_{resource.ToUpperInvariant()}_PORT";

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => null,
        var text when ushort.TryParse(text, out var number) => number,
        var text => throw new StartupException($"{variable}={text} is no port number."),
    };
}
