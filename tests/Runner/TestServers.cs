using System.Security.Cryptography;
using LocalRuntime.Native;
using LocalRuntime.State;

namespace Runner;

/// <summary>One PostgreSQL and one RabbitMQ for the length of the run, on free ports, with data that go with them.</summary>
internal sealed class TestServers : IAsyncDisposable
{
    internal const string DebuggerHost = "debugger";
    private const string User = "tests";

    // Directly under /tmp: the servers' own accounts must be able to pass every directory above.
    private readonly string _directory = Directory.CreateDirectory($"/tmp/provisioning-tests-{Guid.NewGuid():n}").FullName;
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly int _rabbitPort;
    private readonly PostgresServer _postgres;
    private readonly RabbitMqBroker _rabbit;
    private IReadOnlyList<RunningServer> _running = [];

    private TestServers(IEnumerable<TestProject> projects)
    {
        var ports = new PortBook(Path.Combine(_directory, "ports.json"), offset: 0);
        _rabbitPort = ports.Stable("rabbitmq");
        _rabbit = new(new(
            Path.Combine(_directory, "rabbitmq"), _rabbitPort, ports.Stable("distribution"), ports.Stable("epmd"), User, _password,
            [DebuggerHost, .. projects.Select(project => project.VirtualHost)]));
        _postgres = new(new(
            Path.Combine(_directory, "postgres"), ports.Stable("postgres"), User, _password,
            // The data need not outlive the run, so nothing waits for the disk.
            ["-c", "max_connections=400", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]));
    }

    internal static async Task<TestServers> StartAsync(IEnumerable<TestProject> projects, CancellationToken cancellationToken)
    {
        var servers = new TestServers(projects);
        try
        {
            var starts = new IProgram[] { servers._rabbit, servers._postgres }.Select(program => RunningServer.StartAsync(program, cancellationToken)).ToList();
            try
            {
                servers._running = await Task.WhenAll(starts);
            }
            catch
            {
                // One of them failed; the other is to end all the same.
                servers._running = [.. starts.Where(start => start.IsCompletedSuccessfully).Select(start => start.Result)];
                throw;
            }

            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>What tells a test process where they are.</summary>
    internal IReadOnlyDictionary<string, string> Variables(string virtualHost) => new Dictionary<string, string>
    {
        ["PROVISIONING_TEST_POSTGRES"] = _postgres.ConnectionString,
        ["PROVISIONING_TEST_RABBITMQ"] = $"amqp://{User}:{_password}@127.0.0.1:{_rabbitPort}/{virtualHost}",
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Select(server => server.DisposeAsync().AsTask()));
        Directory.Delete(_directory, recursive: true);
    }
}
