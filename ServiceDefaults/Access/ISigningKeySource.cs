using Microsoft.IdentityModel.Tokens;

namespace ServiceDefaults.Access;

/// <summary>Provides the public keys that validate access tokens.</summary>
public interface ISigningKeySource
{
    /// <summary>The keys for the token's <c>kid</c>. An unknown one triggers a new fetch, at most every few seconds.</summary>
    ValueTask<IReadOnlyCollection<SecurityKey>> GetAsync(string? keyId, CancellationToken cancellationToken);
}
