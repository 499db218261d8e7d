using System.Globalization;
using System.Text.Json.Nodes;
using IdpSimulator.Cli;
using Npgsql;

namespace Bench.Running;

/// <summary>The system that <c>./bench</c> has started: its addresses, its database past the services, its processes.</summary>
internal sealed class MeasuredSystem : IAsyncDisposable
{
    private readonly JsonArray resources;

    private MeasuredSystem(SystemEndpoints endpoints, JsonArray resources, NpgsqlConnectionStringBuilder server)
    {
        this.resources = resources;
        Endpoints = endpoints;
        Server = server;
        Directory = endpoints.Directories.First(directory => directory.Provider == "Generic");
        Database = Open("directory");
    }

    internal SystemEndpoints Endpoints { get; }
    internal NpgsqlConnectionStringBuilder Server { get; }
    internal NpgsqlDataSource Database { get; }
    internal DirectoryEndpoint Directory { get; }

    internal static async Task<MeasuredSystem> OpenAsync(string data, CancellationToken cancellationToken)
    {
        var endpoints = await SystemEndpoints.ReadAsync(Path.Combine(data, "endpoints.json"), cancellationToken);
        var state = await JsonAsync(Path.Combine(data, "apphost.json"), cancellationToken);
        var servers = (await File.ReadAllTextAsync(Path.Combine(data, "location"), cancellationToken)).Trim();
        var secrets = await JsonAsync(Path.Combine(servers, "secrets.json"), cancellationToken);
        var resources = state["resources"]!.AsArray();
        var address = new Uri(resources.First(resource => (string?)resource!["name"] == "postgres")!["endpoints"]![0]!.GetValue<string>());
        return new(endpoints, resources, new() { Host = address.Host, Port = address.Port, Username = "postgres", Password = (string?)secrets["postgres-password"] });
    }

    /// <summary>A database of the system, as its administrator.</summary>
    internal NpgsqlDataSource Open(string database) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = database, CommandTimeout = 600 });

    /// <summary>Name, resident megabytes and seconds of CPU of each process that runs; PostgreSQL's is its main process.</summary>
    internal IEnumerable<(string Name, double Megabytes, double CpuSeconds)> Processes()
    {
        const double ticksPerSecond = 100;
        foreach (var resource in resources)
        {
            if (resource!["pid"]?.GetValue<int>() is not { } pid || !System.IO.Directory.Exists($"/proc/{pid}")) continue;
            var resident = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from field 3 on; utime is 14, stime 15
            yield return ((string)resource["name"]!, Number(resident) / 1024, (Number(fields[11]) + Number(fields[12])) / ticksPerSecond);
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<JsonObject> JsonAsync(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))!.AsObject();

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
