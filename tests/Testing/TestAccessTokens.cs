using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ServiceDefaults.Access;

namespace Testing;

/// <summary>
/// Mints access tokens like the directory service does, with a key of its own, for tests of one service alone: register
/// it as the service's <see cref="ISigningKeySource"/>.
/// </summary>
public sealed class TestAccessTokens : ISigningKeySource, IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="lifetime">Null: ten minutes, as in production.</param>
    public string Mint(Guid account, string role = AdminRole.Owner, TimeSpan? lifetime = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessToken.Issuer,
            Audience = AccessToken.Audience,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime + (lifetime ?? TimeSpan.FromMinutes(10)),
            Subject = new ClaimsIdentity(
            [
                new("sub", "test-key"), new("name", "Test key"), new(AccessToken.ActorKindClaim, "apiKey"),
                new(AccessToken.AccountClaim, account.ToString()), new(AccessToken.RoleClaim, role),
            ]),
            SigningCredentials = new SigningCredentials(SecurityKey, SecurityAlgorithms.EcdsaSha256),
        });

    public ECDsaSecurityKey SecurityKey => new(key) { KeyId = "test" };

    public ValueTask<IReadOnlyCollection<SecurityKey>> GetAsync(string? keyId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyCollection<SecurityKey>>([SecurityKey]);

    public void Dispose() => key.Dispose();
}
