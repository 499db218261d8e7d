namespace Testing;

/// <summary>The PostgreSQL and RabbitMQ that <c>./test</c> started for this run.</summary>
public static class TestServers
{
    /// <summary>Npgsql connection string of a superuser, without a database.</summary>
    public static string Postgres => Required("PROVISIONING_TEST_POSTGRES");

    /// <summary><c>amqp://</c> URI with a virtual host of this test project's own.</summary>
    public static string RabbitMq => Required("PROVISIONING_TEST_RABBITMQ");

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"{name} is not set. Run the tests with ./test, which starts the servers; ./test --servers keeps them running for a debugger.");
}
