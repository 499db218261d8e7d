using System.Reflection;

namespace Testing;

/// <summary>The PostgreSQL and RabbitMQ that <c>./test</c> started for this run.</summary>
public static class TestServers
{
    /// <summary>Npgsql connection string of a superuser, without a database.</summary>
    public static string Postgres => Required("PROVISIONING_TEST_POSTGRES");

    /// <summary><c>amqp://</c> URI with a virtual host of this test project's own, which <c>./test</c> has made: its name without <c>.Tests</c>.</summary>
    public static string RabbitMq => $"{Required("PROVISIONING_TEST_RABBITMQ")}/{VirtualHost}";

    private static string VirtualHost =>
        Assembly.GetEntryAssembly()!.GetName().Name!.Replace(".Tests", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"{name} is not set. Run the tests with ./test, which starts the servers; ./test --servers keeps them running for a debugger.");
}
