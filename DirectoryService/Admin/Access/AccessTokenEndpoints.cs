using System.Security.Claims;
using DirectoryService.Storage;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Access;

/// <summary>
/// Internal endpoints: the exchange of an API key for an access token, called by the gateway, and the JWKS with the public
/// keys. Neither is routed by the gateway.
/// </summary>
internal static class AccessTokenEndpoints
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    internal sealed record Minted(string AccessToken, DateTimeOffset ExpiresAt);

    private sealed record ApiKey(Guid AccountId, string Name, string Role, byte[] Hash);

    internal static void Map(WebApplication app)
    {
        app.MapPost("/internal/access-tokens", ExchangeAsync).AllowAnonymous();
        app.MapGet(AccessToken.JwksPath, (SigningKeys keys, CancellationToken cancellationToken) => keys.GetJwksAsync(cancellationToken)).AllowAnonymous();
    }

    private static async Task<IResult> ExchangeAsync(
        HttpRequest request, NpgsqlDataSource db, SigningKeys keys, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (BearerToken.Read(request.Headers.Authorization) is not { } bearer
            || Secret.Parse(Secret.Api, bearer) is not { } secret
            || await FindAsync(db, secret.KeyId, clock.GetUtcNow(), cancellationToken) is not { } key
            || !secret.Proves(key.Hash))
        {
            return Results.Problem("The API key is missing, wrong, expired or revoked.", statusCode: StatusCodes.Status401Unauthorized);
        }
        var expires = clock.GetUtcNow() + Lifetime;
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessToken.Issuer,
            Audience = AccessToken.Audience,
            IssuedAt = clock.GetUtcNow().UtcDateTime,
            NotBefore = clock.GetUtcNow().UtcDateTime,
            Expires = expires.UtcDateTime,
            Subject = new ClaimsIdentity(
            [
                new("sub", secret.KeyId), new("name", key.Name), new(AccessToken.ActorKindClaim, "apiKey"),
                new(AccessToken.AccountClaim, key.AccountId.ToString()), new(AccessToken.RoleClaim, key.Role),
            ]),
            SigningCredentials = new SigningCredentials(await keys.GetSigningKeyAsync(cancellationToken), SecurityAlgorithms.EcdsaSha256),
        });
        return Results.Ok(new Minted(token, expires));
    }

    private static async Task<ApiKey?> FindAsync(NpgsqlDataSource db, string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            UPDATE api_keys SET last_used_at = $2
            WHERE key_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            RETURNING account_id, name, role, secret_hash
            """);
        command.Parameters.With(keyId).With(now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ApiKey(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3))
            : null;
    }
}
