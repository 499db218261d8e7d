using System.ComponentModel.DataAnnotations;

namespace ScimGateway;

/// <summary>Settings of section <c>Gateway</c>. The defaults are the limits that the SCIM service advertises.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Requests per second of one token. Entra ID needs 25 per tenant.</summary>
    [Range(25, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 1_000;

    /// <summary>Burst: requests that a token may send at once after a time without requests.</summary>
    [Range(25, 1_000_000)]
    public int Burst { get; init; } = 2_000;

    /// <summary>Largest request body in bytes, except on Groups.</summary>
    [Range(1_024, 1L << 40)]
    public long BodyLimit { get; init; } = 1 << 20;

    /// <summary>
    /// Largest request body in bytes on <c>/Groups</c> and <c>/Groups/{id}</c>: one request can hold all members of a group.
    /// </summary>
    [Range(1_024, 1L << 40)]
    public long GroupsBodyLimit { get; init; } = 64 << 20;

    /// <summary>How long a request may make no progress, in either direction, before it is answered with 504.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same on Groups: one statement over the members of a large group may take 60 s.</summary>
    public TimeSpan GroupsActivityTimeout { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica that refused a connection gets no requests.</summary>
    public TimeSpan ReplicaPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections to one replica. Further requests wait for a connection, up to <see cref="ActivityTimeout"/>. The value is
    /// far above what a replica can process concurrently: it limits sockets, not work.
    /// </summary>
    [Range(16, 65_000)]
    public int ConnectionsPerReplica { get; init; } = 1_000;

    /// <summary>
    /// The number of requests in flight from this gateway to a directory's affinity replica (requests on Groups are counted
    /// separately) above which its writes go to other replicas too; 0 turns affinity off. The default is about what one replica
    /// answers within 40 ms: a lower value coalesces fewer writes, a higher value adds waiting time.
    /// </summary>
    [Range(0, 10_000)]
    public int WritesTogether { get; init; } = 32;

    /// <summary>How long an exchanged API key is cached, which is the longest delay of a revocation.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ApiKeyLifetime { get; init; } = TimeSpan.FromSeconds(10);
}
