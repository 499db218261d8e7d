namespace AppHost.Replicas;

/// <summary>
/// Adds several replicas of a service, each as a resource of its own. Aspire's <c>WithReplicas</c> puts all replicas behind one
/// proxy that chooses a random one for each connection; the gateway needs each address to balance, check health and retry.
/// </summary>
internal static class ReplicaExtensions
{
    private const int InRunMode = 2;
    private const string Endpoint = "http";

    /// <summary>
    /// Adds <c>NAME1</c> and <c>NAME2</c> in run mode, and one <c>NAME</c> in publish mode, where the orchestrator makes
    /// replicas.
    /// </summary>
    internal static ReplicatedService AddReplicas(this IDistributedApplicationBuilder builder, string name, Func<string, IResourceBuilder<ProjectResource>> add) =>
        new(name, builder.ExecutionContext.IsRunMode ? [.. Enumerable.Range(1, InRunMode).Select(number => add($"{name}{number}"))] : [add(name)]);

    /// <summary>Adds the addresses of all replicas to the environment, in the form of service discovery.</summary>
    internal static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, ReplicatedService service) where T : IResourceWithEnvironment
    {
        var number = 0;
        foreach (var replica in service)
            builder.WithEnvironment($"services__{service.Name}__{Endpoint}__{number++}", replica.GetEndpoint(Endpoint)).WithReferenceRelationship(replica);
        return builder;
    }

    internal static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, ReplicatedService service) where T : IResourceWithWaitSupport
    {
        foreach (var replica in service) builder.WaitFor(replica);
        return builder;
    }
}

/// <param name="name">Name for service discovery.</param>
internal sealed class ReplicatedService(string name, IReadOnlyList<IResourceBuilder<ProjectResource>> replicas) : IEnumerable<IResourceBuilder<ProjectResource>>
{
    internal string Name => name;

    public IEnumerator<IResourceBuilder<ProjectResource>> GetEnumerator() => replicas.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
