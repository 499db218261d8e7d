using System.ComponentModel.DataAnnotations;

namespace ScimGateway;

/// <summary>Settings under <c>Gateway</c>; the defaults are those of the SCIM limits the system advertises.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Requests per second of one token; Entra ID alone needs 25 per tenant.</summary>
    [Range(25, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 1_000;

    /// <summary>Requests that a token which was quiet may send at once.</summary>
    [Range(25, 1_000_000)]
    public int Burst { get; init; } = 2_000;

    /// <summary>Bytes of a request body, everywhere but on Groups.</summary>
    [Range(1_024, 1L << 40)]
    public long BodyLimit { get; init; } = 1 << 20;

    /// <summary>Bytes of a request body on <c>/Groups</c> and <c>/Groups/{id}</c>: a group's whole membership is one request.</summary>
    [Range(1_024, 1L << 40)]
    public long GroupsBodyLimit { get; init; } = 64 << 20;

    /// <summary>How long a request may stand still, in either direction, before it is answered 504.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same on Groups: one statement over the members of a large group may take 60 s.</summary>
    public TimeSpan GroupsActivityTimeout { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica that refused a connection is left alone before it is tried again.</summary>
    public TimeSpan ReplicaPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections to one replica; requests beyond wait for one, up to <see cref="ActivityTimeout"/>. Far above what a replica
    /// can work on at once: it bounds sockets, not work.
    /// </summary>
    [Range(16, 65_000)]
    public int ConnectionsPerReplica { get; init; } = 1_000;

    /// <summary>
    /// Requests of any kind that a directory's home replica has in flight from this gateway (those on Groups are counted apart)
    /// before its writes go to others too; 0 spreads all from the first. About what one replica answers within 40 ms: less
    /// company costs throughput, more costs waiting.
    /// </summary>
    [Range(0, 10_000)]
    public int WritesTogether { get; init; } = 32;

    /// <summary>How long an API key is taken for valid after the directory service said so: a revocation's delay.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ApiKeyLifetime { get; init; } = TimeSpan.FromSeconds(10);
}
