using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace NativeServers;

/// <summary>Runs RabbitMQ as a local process instead of a container.</summary>
public static class NativeRabbitMQ
{
    /// <summary>
    /// Runs the broker from Debian's package <c>rabbitmq-server</c>, see <c>rabbitmq.sh</c>. Call it in run mode only, after
    /// the broker is fully configured. The published manifest still contains the container.
    /// </summary>
    /// <param name="broker">As returned by <c>AddRabbitMQ</c>.</param>
    /// <param name="directory">Full path of the broker's data and configuration. It is created if it does not exist and must contain nothing else.</param>
    /// <param name="ports">Ports on 127.0.0.1.</param>
    /// <returns>The same builder; its container shares its annotations with the process.</returns>
    public static IResourceBuilder<RabbitMQServerResource> RunNatively(this IResourceBuilder<RabbitMQServerResource> broker, string directory, RabbitMQPorts ports)
    {
        var server = NativeServer.Replace(broker, "rabbitmq.sh", "tcp", ports.Amqp,
            [directory, InvariantNumber.Of(ports.Amqp), InvariantNumber.Of(ports.Distribution), InvariantNumber.Of(ports.Epmd)]);

        var healthCheck = $"{server.Resource.Name}_native";
        Uri? address = null;
        server.OnConnectionStringAvailable(async (_, _, cancellationToken) => address = new Uri((await broker.Resource.ConnectionStringExpression.GetValueAsync(cancellationToken))!));
        IConnection? connection = null;
        broker.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck, _ => new RetryingHealthCheck(ProbeAsync), failureStatus: null, tags: null));
        server.WithHealthCheck(healthCheck);
        return broker;

        // One connection is kept open, because the broker logs a warning for each connection that opens no channel.
        async Task ProbeAsync(CancellationToken cancellationToken)
        {
            if (connection is { IsOpen: true }) return;
            if (connection is not null) await connection.DisposeAsync();
            connection = null;
            var factory = new ConnectionFactory { Uri = address ?? throw new InvalidOperationException("The broker's address is not known yet."), AutomaticRecoveryEnabled = false };
            connection = await factory.CreateConnectionAsync("AppHost health check", cancellationToken);
        }
    }
}

/// <param name="Amqp">Port for clients.</param>
/// <param name="Distribution">Port of the Erlang distribution.</param>
/// <param name="Epmd">Port of the epmd process that is started for this broker only.</param>
public sealed record RabbitMQPorts(int Amqp, int Distribution, int Epmd);
