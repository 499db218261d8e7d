using System.Text.Json;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Sends a request of the gateway itself to a service, through the proxy's destinations and connections, so that replicas that
/// are down are skipped and another replica is tried when the first does not answer.
/// </summary>
internal sealed partial class ServiceCall(IProxyStateLookup proxy, ILogger<ServiceCall> log)
{
    private const int Replicas = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="cluster">Name of a cluster of the route table.</param>
    /// <param name="request">Creates the request for the address of a replica.</param>
    /// <param name="read">Reads the response; throws when it cannot be understood, and the next replica is tried.</param>
    /// <returns>Null when no replica answered.</returns>
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
