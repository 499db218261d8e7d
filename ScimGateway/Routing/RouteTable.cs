using System.Globalization;
using ScimGateway.Replicas;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace ScimGateway.Routing;

/// <summary>All public routes and their clusters. A path that is not here is not public (<c>/internal</c>, JWKS, health).</summary>
internal static class RouteTable
{
    public const string HealthPath = "/health";
    public const string Directory = "directory";
    /// <summary>Cluster of the directory service with the longer timeout that requests on whole groups need.</summary>
    public const string DirectoryGroups = "directory-groups";
    private const string BodyLimitKey = "BodyLimit";
    private const string License = "license";
    private const string Policy = "policy";

    /// <summary>The services that implement a part of <c>/api/v1</c>.</summary>
    public static readonly IReadOnlyList<string> ApiServices = [Directory, License, Policy];

    /// <summary>The methods of SCIM (RFC 7644 §3.2); others are answered with 405.</summary>
    private static readonly string[] ScimMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static IReadOnlyList<RouteConfig> Routes(GatewayOptions options) =>
    [
        Scim("scim", "{**resource}", Directory, options.BodyLimit),
        Scim("scim-groups", "Groups/{id?}", DirectoryGroups, options.GroupsBodyLimit),
        Api("api", "{**resource}", Directory, options),
        Api("api-licenses", "licenses/{**resource}", License, options),
        Api("api-policies", "policies/{**resource}", Policy, options),
        Api("api-user-policies", "users/{id}/policies", Policy, options),
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(GatewayOptions options) =>
    [
        Cluster(Directory, Directory, options.ActivityTimeout, options),
        Cluster(DirectoryGroups, Directory, options.GroupsActivityTimeout, options),
        Cluster(License, License, options.ActivityTimeout, options),
        Cluster(Policy, Policy, options.ActivityTimeout, options),
    ];

    /// <summary>Largest request body in bytes on this route.</summary>
    public static long BodyLimit(RouteConfig route) => long.Parse(route.Metadata![BodyLimitKey], CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Limit(long bytes) => new() { [BodyLimitKey] = bytes.ToString(CultureInfo.InvariantCulture) };

    private static RouteConfig Scim(string id, string path, string cluster, long bodyLimit) => new()
    {
        RouteId = id,
        ClusterId = cluster,
        Match = new RouteMatch { Path = "/scim/v2/{account:guid}/{directory:guid}/" + path, Methods = ScimMethods },
        Metadata = Limit(bodyLimit),
    };

    private static RouteConfig Api(string id, string path, string cluster, GatewayOptions options) => new()
    {
        RouteId = id,
        ClusterId = cluster,
        Match = new RouteMatch { Path = "/api/v1/" + path },
        Metadata = Limit(options.BodyLimit),
    };

    private static ClusterConfig Cluster(string id, string service, TimeSpan activityTimeout, GatewayOptions options) => new()
    {
        ClusterId = id,
        LoadBalancingPolicy = ReplicaAffinity.PolicyName,
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"http://{service}" } },
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = activityTimeout },
        // EnableMultipleHttp2Connections is for replicas behind HTTP/2, where one connection carries a hundred requests.
        HttpClient = new HttpClientConfig { MaxConnectionsPerServer = options.ConnectionsPerReplica, EnableMultipleHttp2Connections = true },
        HealthCheck = new HealthCheckConfig
        {
            // When no replica is healthy all are tried, so that a wrong health check cannot cause an outage.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = HealthPath,
                Interval = options.HealthInterval,
                Timeout = options.HealthInterval + TimeSpan.FromSeconds(1),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = RefusedConnectionPolicy.PolicyName,
                ReactivationPeriod = options.ReplicaPause,
            },
        },
        Metadata = new Dictionary<string, string>
        {
            [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = 2.ToString(CultureInfo.InvariantCulture),
        },
    };
}
