using System.Text.Json;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Asks a service on the gateway's own behalf, over the proxy's own destinations and connections: so a replica that is
/// known to be down is not asked, and another is when the first does not answer.
/// </summary>
internal sealed partial class ServiceCall(IProxyStateLookup proxy, ILogger<ServiceCall> log)
{
    private const int Replicas = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="cluster">Of the route table.</param>
    /// <param name="request">Made anew for each replica, which it is given the address of.</param>
    /// <param name="read">What the answer means; it throws when that cannot be told.</param>
    /// <returns>null when nobody answered.</returns>
    public async Task<T?> AskAsync<T>(
        string cluster, Func<Uri, HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> read) where T : class
    {
        if (!proxy.TryGetCluster(cluster, out var service)) return null;
        var replicas = service.DestinationsState.AvailableDestinations.ToArray();
        Random.Shared.Shuffle(replicas);
        foreach (var replica in replicas.Take(Replicas))
        {
            if (await AskAsync(service, replica, request, read) is { } answer) return answer;
        }
        return null;
    }

    private async Task<T?> AskAsync<T>(
        ClusterState service, DestinationState replica, Func<Uri, HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read) where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        using var request = make(new Uri(replica.Model.Config.Address));
        try
        {
            using var response = await service.Model.HttpClient.SendAsync(request, patience.Token);
            return await read(response, patience.Token);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or OperationCanceledException)
        {
            NoAnswer(error, replica.DestinationId, request.RequestUri?.AbsolutePath);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Destination} did not answer the gateway's own request of {Path}")]
    private partial void NoAnswer(Exception error, string destination, string? path);
}
