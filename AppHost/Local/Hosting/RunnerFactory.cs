using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Native;
using LocalRuntime.State;

namespace LocalRuntime.Hosting;

/// <summary>Which program brings which resource to life.</summary>
internal sealed class RunnerFactory(IReadOnlyList<IResource> model, PortBook ports, RunnerContext context)
{
    private readonly Dictionary<PostgresServerResource, PostgresServer> _postgres = [];
    private readonly HashSet<IResource> _awaitedForCompletion =
        [.. model.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.WaitType == WaitType.WaitForCompletion).Select(wait => wait.Resource)];

    internal async Task<IReadOnlyList<IRunner>> CreateAsync(CancellationToken cancellationToken)
    {
        var runners = new List<IRunner>();
        foreach (var resource in model) runners.AddRange(await CreateAsync(resource, cancellationToken));
        return runners;
    }

    private async Task<IEnumerable<IRunner>> CreateAsync(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        PostgresServerResource postgres => [Process(postgres, 0, await PostgresAsync(postgres, cancellationToken))],
        RabbitMQServerResource broker => [Process(broker, 0, await RabbitMqAsync(broker, cancellationToken))],
        ProjectResource or ExecutableResource =>
            Enumerable.Range(0, PortAllocation.Replicas(resource)).Select(replica => Process(resource, replica, new ResourceProgram(resource, replica, Snapshots.DisplayName(resource, replica)))),
        PostgresDatabaseResource database => [new DatabaseRunner(database, _postgres[database.Parent], Snapshots.Initial(database, 0), context)],
        _ => [],
    };

    private ProcessRunner Process(IResource resource, int replica, IProgram program) =>
        new(Snapshots.Initial(resource, replica), program, [.. resource.Annotations.OfType<WaitAnnotation>()], LifespanOf(resource), context);

    private Lifespan LifespanOf(IResource resource) =>
        _awaitedForCompletion.Contains(resource) || resource.Annotations.OfType<ExplicitStartupAnnotation>().Any() ? Lifespan.RunsOnce
        : resource.Annotations.OfType<EndpointAnnotation>().Any() ? Lifespan.Serves
        : Lifespan.Works;

    private async Task<PostgresServer> PostgresAsync(PostgresServerResource resource, CancellationToken cancellationToken) =>
        _postgres[resource] = new(new(
            context.Settings.Data.Server(resource.Name),
            resource.PrimaryEndpoint.Port,
            PostgresServerResource.UserName,
            (await resource.PasswordParameter.GetValueAsync(cancellationToken))!,
            await ResourceValues.ArgumentsAsync(resource, cancellationToken)));

    private async Task<RabbitMqBroker> RabbitMqAsync(RabbitMQServerResource resource, CancellationToken cancellationToken) =>
        new(new(
            context.Settings.Data.Server(resource.Name),
            resource.PrimaryEndpoint.Port,
            ports.Stable(resource.Name + "/distribution"),
            ports.Stable(resource.Name + "/epmd"),
            RabbitMQServerResource.UserName,
            (await resource.PasswordParameter.GetValueAsync(cancellationToken))!,
            []));
}
