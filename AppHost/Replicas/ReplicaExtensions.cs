namespace AppHost.Replicas;

/// <summary>
/// One service with several replicas, each of them a resource: Aspire's <c>WithReplicas</c> puts all behind one proxy that
/// takes a random one for each connection, while the gateway balances over them, asks each for its health and retries on another.
/// </summary>
internal static class ReplicaExtensions
{
    private const int InRunMode = 2;
    private const string Endpoint = "http";

    /// <summary><c>NAME1</c> and <c>NAME2</c> on this machine; one <c>NAME</c> when published, where the orchestrator makes replicas.</summary>
    internal static Service AddReplicas(this IDistributedApplicationBuilder builder, string name, Func<string, IResourceBuilder<ProjectResource>> add) =>
        new(name, builder.ExecutionContext.IsRunMode ? [.. Enumerable.Range(1, InRunMode).Select(number => add($"{name}{number}"))] : [add(name)]);

    /// <summary>Gives the addresses of all replicas, as service discovery reads them.</summary>
    internal static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, Service service) where T : IResourceWithEnvironment
    {
        var number = 0;
        foreach (var replica in service)
            builder.WithEnvironment($"services__{service.Name}__{Endpoint}__{number++}", replica.GetEndpoint(Endpoint)).WithReferenceRelationship(replica);
        return builder;
    }

    internal static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, Service service) where T : IResourceWithWaitSupport
    {
        foreach (var replica in service) builder.WaitFor(replica);
        return builder;
    }
}

/// <param name="name">By which others find it.</param>
internal sealed class Service(string name, IReadOnlyList<IResourceBuilder<ProjectResource>> replicas) : IEnumerable<IResourceBuilder<ProjectResource>>
{
    internal string Name => name;

    public IEnumerator<IResourceBuilder<ProjectResource>> GetEnumerator() => replicas.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
