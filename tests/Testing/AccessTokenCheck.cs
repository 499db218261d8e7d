using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ServiceDefaults.Access;

namespace Testing;

/// <summary>Access tokens with one fault each, for the tests of every service: who accepts one of them lets strangers in.</summary>
public static class AccessTokenCheck
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Fault, and what the service answers. The first has none, or the others would prove nothing.</summary>
    public static IEnumerable<(string Fault, HttpStatusCode Answer)> All =>
    [
        ("none", HttpStatusCode.OK),
        ("expired", HttpStatusCode.Unauthorized),
        ("begins in an hour", HttpStatusCode.Unauthorized),
        ("without an end", HttpStatusCode.Unauthorized),
        ("another issuer", HttpStatusCode.Unauthorized),
        ("another audience", HttpStatusCode.Unauthorized),
        ("another key", HttpStatusCode.Unauthorized),
        ("another key under the right id", HttpStatusCode.Unauthorized),
        ("signed with the public key as a secret", HttpStatusCode.Unauthorized),
        ("not signed", HttpStatusCode.Unauthorized),
        ("changed after it was signed", HttpStatusCode.Unauthorized),
        ("an unknown role", HttpStatusCode.Forbidden),
        ("no role", HttpStatusCode.Forbidden),
    ];

    /// <summary>Complaints; empty when the service answers each token as it must.</summary>
    /// <param name="address">Of something that any role may read, and that an account without anything has.</param>
    /// <param name="key">The one that the service trusts.</param>
    public static async Task<string> ComplaintsAsync(Uri address, ECDsaSecurityKey key, Guid account)
    {
        using var client = new HttpClient();
        var complaints = new List<string>();
        foreach (var (fault, expected) in All)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token(fault, key, account)) } };
            using var answer = await client.SendAsync(request);
            if (answer.StatusCode != expected) complaints.Add($"{fault}: {(int)answer.StatusCode} where {(int)expected} belongs");
        }
        return string.Join('\n', complaints);
    }

    private static string Token(string fault, ECDsaSecurityKey key, Guid account)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var (begins, ends) = fault switch
        {
            "expired" => (now - Lifetime - Lifetime, now - TimeSpan.FromMinutes(1)), // past the 30 s of clock difference
            "begins in an hour" => (now + TimeSpan.FromHours(1), now + TimeSpan.FromHours(2)),
            _ => (now, now + Lifetime),
        };
        var claims = new ClaimsIdentity([new("sub", "test-key"), new("name", "Test key"), new(AccessToken.ActorKindClaim, "apiKey"), new(AccessToken.AccountClaim, account.ToString())]);
        if (fault != "no role") claims.AddClaim(new(AccessToken.RoleClaim, fault == "an unknown role" ? "root" : AdminRole.Owner));
        using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = fault == "another issuer" ? "somebody" : AccessToken.Issuer,
            Audience = fault == "another audience" ? "somebody" : AccessToken.Audience,
            NotBefore = begins,
            Expires = fault == "without an end" ? null : ends,
            Subject = claims,
            SigningCredentials = fault switch
            {
                "another key" => new(new ECDsaSecurityKey(strange) { KeyId = "another" }, SecurityAlgorithms.EcdsaSha256),
                "another key under the right id" => new(new ECDsaSecurityKey(strange) { KeyId = key.KeyId, CryptoProviderFactory = new() { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha256),
                "signed with the public key as a secret" => new(new SymmetricSecurityKey(key.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = key.KeyId }, SecurityAlgorithms.HmacSha256),
                "not signed" => null,
                _ => new(key, SecurityAlgorithms.EcdsaSha256),
            },
        });
        if (fault != "changed after it was signed") return token;
        var parts = token.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace(account.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }
}
