using Microsoft.IdentityModel.Tokens;

namespace ServiceDefaults.Access;

/// <summary>The public keys that access tokens may be signed with.</summary>
public interface ISigningKeySource
{
    /// <summary>Keys for the token's <c>kid</c>; fetched again at most every few seconds when it is not known.</summary>
    ValueTask<IReadOnlyCollection<SecurityKey>> GetAsync(string? keyId, CancellationToken cancellationToken);
}
