using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ScimGateway.Errors;

namespace ScimGateway.ApiKeys;

/// <summary>
/// Under <c>/api</c>, replaces an API key (<c>Bearer prov_…</c>) by the access token that the services accept. Any other
/// Authorization header is passed on; the services validate it.
/// </summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, AccessTokenCache tokens)
{
    private const string Scheme = "Bearer ";
    private const string KeyPrefix = "prov_";
    /// <summary>Longer values cannot be API keys, so they are neither hashed nor sent to the directory service.</summary>
    private const int LongestKey = 512;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is null || ApiKey(context.Request) is not { } apiKey)
        {
            await next(context);
            return;
        }
        var result = apiKey.Length <= LongestKey
            ? await tokens.GetAsync(apiKey, context.RequestAborted)
            : new ExchangeResult.UnknownKey();
        switch (result)
        {
            case ExchangeResult.Granted granted:
                context.Request.Headers.Authorization = Scheme + granted.AccessToken;
                await next(context);
                break;
            case ExchangeResult.UnknownKey:
                context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer error=\"invalid_token\"";
                await ErrorWriter.WriteAsync(context, new(StatusCodes.Status401Unauthorized,
                    "The API key is unknown, expired or revoked. Take a valid one, or create one as an owner of the account."));
                break;
            default:
                await ErrorWriter.WriteAsync(context, new(StatusCodes.Status503ServiceUnavailable,
                    "The API key cannot be checked, because the directory service does not answer. Nothing was changed; try again in a few seconds.", 2));
                break;
        }
    }

    private static string? ApiKey(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var credentials = authorization[Scheme.Length..].Trim();
        return credentials.StartsWith(KeyPrefix, StringComparison.Ordinal) ? credentials : null;
    }
}

internal static class ApiKeySetup
{
    public static void AddApiKeySwap(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokenExchange>();
        services.AddSingleton(provider => new AccessTokenCache(
            provider.GetRequiredService<AccessTokenExchange>().ExchangeAsync,
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value.ApiKeyLifetime,
            provider.GetRequiredService<TimeProvider>()));
    }
}
