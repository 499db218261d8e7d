using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ServiceDefaults.Access;

/// <summary>Validates access tokens: ES256 only, this system's issuer and audience, 30 s of clock skew, claim names unchanged.</summary>
internal sealed class AccessTokenValidation(ISigningKeySource keys, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options) => Configure(null, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.TimeProvider = clock;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = AccessToken.Issuer,
            ValidAudience = AccessToken.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RoleClaimType = AccessToken.RoleClaim,
            NameClaimType = "name",
            ClockSkew = TimeSpan.FromSeconds(30),
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        };
        options.Events = new JwtBearerEvents { OnMessageReceived = LoadKeysAsync };
    }

    /// <summary>
    /// Loads the signing keys before validation, because fetching is asynchronous and the validator's key resolver is
    /// synchronous.
    /// </summary>
    private async Task LoadKeysAsync(MessageReceivedContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return;
        var token = authorization["Bearer ".Length..].Trim();
        var handler = new JsonWebTokenHandler();
        if (!handler.CanReadToken(token))
        {
            // Not a JWT, for example the token of an identity provider: skip the costly validation.
            context.NoResult();
            return;
        }
        string? keyId;
        try { keyId = handler.ReadJsonWebToken(token).Kid; }
        catch (ArgumentException) { return; } // not a JWT: the validator rejects it
        try
        {
            context.Options.TokenValidationParameters.IssuerSigningKeys = await keys.GetAsync(keyId, context.HttpContext.RequestAborted);
        }
        catch (HttpRequestException error)
        {
            throw new BadHttpRequestException(
                "The directory service, which issues the keys of access tokens, cannot be reached. Try again in a moment.",
                StatusCodes.Status503ServiceUnavailable, error);
        }
    }
}
