using System.Globalization;
using LocalRuntime.Processes;
using LocalRuntime.State;

namespace LocalRuntime.Native;

/// <summary>
/// RabbitMQ from the machine's own package, as an unprivileged child. Its package's wrapper in /usr/sbin changes the user,
/// directory and log files, so the script behind it is run with everything said in the environment; and an epmd of its
/// own, else Erlang would leave one running for ever.
/// </summary>
internal sealed class RabbitMqBroker(RabbitMqOptions options) : IProgram
{
    private const string Account = "rabbitmq";
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Epmd = "/usr/bin/epmd";
    private const string Ready = "Server startup complete";

    private readonly UnixUser? _user = ServerAccount.For(Account, "RabbitMQ");
    private volatile bool _booted, _greeted;

    public Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Server) || !File.Exists(Epmd))
            throw new StartupException($"RabbitMQ is not installed ({(File.Exists(Server) ? Epmd : Server)} is missing). Install it (Debian: apt-get install rabbitmq-server) or start the system with ./run, which does.");
        (_booted, _greeted) = (false, false);
        ServerAccount.PrepareDirectory(options.Directory, _user);
        ServerAccount.PrepareDirectory(PathOf("home"), _user); // Erlang keeps its cookie there
        Write("rabbitmq.conf", RabbitMqFiles.Configuration(options, PathOf("definitions.json")));
        Write("definitions.json", RabbitMqFiles.Definitions(options));
        Write("enabled_plugins", "[].");
        Write("rabbitmq-env.conf", "");
        var broker = Spec(Server, []);
        return Task.FromResult(broker with
        {
            Companion = new(Spec(Epmd, ["-port", Text(options.EpmdPort), "-address", "127.0.0.1"]), options.EpmdPort),
        });
    }

    /// <summary>
    /// The listener opens before the boot is over, so its word is awaited first; then one login shows that the user is
    /// known; after that a connection is enough, for the broker logs a warning for each login that opens no channel.
    /// </summary>
    public async Task<Wellness> ProbeAsync(CancellationToken cancellationToken)
    {
        if (!_booted) return new("still booting");
        if (_greeted) return await AmqpLogin.ConnectAsync(options.Port, cancellationToken);
        var login = await AmqpLogin.TryAsync(options.Port, options.UserName, options.Password, cancellationToken);
        _greeted = login.IsWell;
        return login;
    }

    public void Observe(string line)
    {
        if (line.Contains(Ready, StringComparison.Ordinal)) _booted = true;
    }

    private string PathOf(string name) => Path.Combine(options.Directory, name);

    private void Write(string name, string content)
    {
        PrivateFile.Write(PathOf(name), content);
        _user?.Own(PathOf(name));
    }

    private ProcessSpec Spec(string program, IReadOnlyList<string> arguments) => new(program, arguments)
    {
        User = _user,
        WorkingDirectory = options.Directory,
        Environment = new Dictionary<string, string>
        {
            ["HOME"] = PathOf("home"),
            ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
            ["LANG"] = "C.UTF-8",
            // Any other host would have to be resolvable, and a changed machine name would hide the data.
            ["RABBITMQ_NODENAME"] = "provisioning@localhost",
            ["RABBITMQ_MNESIA_BASE"] = PathOf("mnesia"),
            ["RABBITMQ_LOG_BASE"] = PathOf("log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_CONFIG_FILE"] = PathOf("rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = PathOf("advanced.config"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = PathOf("generated"),
            ["RABBITMQ_CONF_ENV_FILE"] = PathOf("rabbitmq-env.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = PathOf("enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = PathOf("rabbit.pid"),
            ["RABBITMQ_DIST_PORT"] = Text(options.DistributionPort),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = Text(options.EpmdPort),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            // With a notification socket (that need not exist) the script becomes the broker instead of waiting for it,
            // so that the child's process id is the broker's own.
            ["NOTIFY_SOCKET"] = PathOf("notify"),
        },
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
