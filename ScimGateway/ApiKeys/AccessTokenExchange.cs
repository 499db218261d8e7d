using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using ScimGateway.Replicas;
using ScimGateway.Routing;

namespace ScimGateway.ApiKeys;

/// <summary>Requests an access token for an API key from the directory service.</summary>
internal sealed class AccessTokenExchange(ServiceCall services)
{
    private static readonly Uri Path = new("internal/access-tokens", UriKind.Relative);

    public async Task<ExchangeResult> ExchangeAsync(string apiKey) =>
        await services.AskAsync(RouteTable.Directory, replica => Request(replica, apiKey), ReadAsync) ?? new ExchangeResult.Unavailable();

    private static HttpRequestMessage Request(Uri replica, string apiKey) => new(HttpMethod.Post, new Uri(replica, Path))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", apiKey) },
    };

    private static async Task<ExchangeResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized) return new ExchangeResult.UnknownKey();
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync(AccessTokenJson.Default.TokenResponse, cancellationToken);
        return new ExchangeResult.Granted(answer!.AccessToken, answer.ExpiresAt);
    }

    internal sealed record TokenResponse(string AccessToken, DateTimeOffset ExpiresAt);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AccessTokenExchange.TokenResponse))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
