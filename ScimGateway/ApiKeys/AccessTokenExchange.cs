using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using ScimGateway.Routing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.ApiKeys;

/// <summary>
/// Asks the directory service for an access token, over the proxy's own destinations and connections: so a replica that
/// is known to be down is not asked, and another is when the first does not answer.
/// </summary>
internal sealed partial class AccessTokenExchange(IProxyStateLookup proxy, ILogger<AccessTokenExchange> log)
{
    private static readonly Uri Path = new("internal/access-tokens", UriKind.Relative);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<ExchangeResult> ExchangeAsync(string apiKey)
    {
        if (!proxy.TryGetCluster(RouteTable.Directory, out var directory)) return new ExchangeResult.Unavailable();
        var replicas = directory.DestinationsState.AvailableDestinations.ToArray();
        Random.Shared.Shuffle(replicas);
        foreach (var replica in replicas.Take(2))
        {
            if (await AskAsync(directory, replica, apiKey) is { } result) return result;
        }
        return new ExchangeResult.Unavailable();
    }

    private async Task<ExchangeResult?> AskAsync(ClusterState directory, DestinationState replica, string apiKey)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(replica.Model.Config.Address), Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        try
        {
            using var response = await directory.Model.HttpClient.SendAsync(request, patience.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized) return new ExchangeResult.UnknownKey();
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync(AccessTokenJson.Default.Answer, patience.Token);
            return new ExchangeResult.Granted(answer!.AccessToken, answer.ExpiresAt);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or OperationCanceledException)
        {
            NoAnswer(error, replica.DestinationId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Destination} did not exchange an API key")]
    private partial void NoAnswer(Exception error, string destination);

    internal sealed record Answer(string AccessToken, DateTimeOffset ExpiresAt);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AccessTokenExchange.Answer))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
