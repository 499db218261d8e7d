using Microsoft.IdentityModel.Tokens;

namespace ServiceDefaults.Access;

/// <summary>
/// Fetches signing keys from the directory service's JWKS. Fetched keys are kept while it is unavailable. An unknown key id
/// triggers a new fetch, at most once per <see cref="Pause"/>, so that forged key ids cause no load.
/// </summary>
public sealed class JwksKeySource(IHttpClientFactory clients, TimeProvider clock) : ISigningKeySource, IDisposable
{
    public const string ClientName = "jwks";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim gate = new(1);
    private volatile IReadOnlyCollection<SecurityKey> keys = [];
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    public async ValueTask<IReadOnlyCollection<SecurityKey>> GetAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (Knows(keyId)) return keys;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Knows(keyId) || clock.GetUtcNow() < notBefore) return keys;
            using var client = clients.CreateClient(ClientName);
            var jwks = await client.GetStringAsync(new Uri(AccessToken.JwksPath, UriKind.Relative), cancellationToken);
            keys = [.. new JsonWebKeySet(jwks).GetSigningKeys()];
            notBefore = clock.GetUtcNow() + Pause;
            return keys;
        }
        finally
        {
            gate.Release();
        }
    }

    private bool Knows(string? keyId) => keys.Any(key => key.KeyId == keyId);

    public void Dispose() => gate.Dispose();
}
