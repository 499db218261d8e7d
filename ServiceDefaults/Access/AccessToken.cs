using System.Security.Claims;
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Access;

/// <summary>
/// The ES256 access token, the only token that services accept on <c>/api/v1</c>. DirectoryService issues it with a lifetime of
/// ten minutes and publishes its public keys at <see cref="JwksPath"/>.
/// </summary>
public static class AccessToken
{
    public const string Issuer = "provisioning-directory";
    public const string Audience = "provisioning-admin";
    public const string JwksPath = "/.well-known/jwks.json";

    public const string AccountClaim = "acct";
    public const string RoleClaim = "role";
    /// <summary><c>apiKey</c> or <c>admin</c>; the id is in <c>sub</c>, the name in <c>name</c>.</summary>
    public const string ActorKindClaim = "knd";

    public static Guid AccountId(this ClaimsPrincipal principal) => Guid.Parse(Claim(principal, AccountClaim));

    public static Contracts.Events.V1.Actor Actor(this ClaimsPrincipal principal) => new()
    {
        Kind = Claim(principal, ActorKindClaim),
        Id = Claim(principal, "sub"),
        Name = principal.FindFirstValue("name"),
    };

    /// <summary>The actor of a fact with the trace context of this request, so that the effects of the fact belong to its trace.</summary>
    public static Contracts.Events.V1.Actor TracedActor(this ClaimsPrincipal principal) => principal.Actor() with { TraceParent = FactTraces.Current };

    private static string Claim(ClaimsPrincipal principal, string type) =>
        principal.FindFirstValue(type) ?? throw new InvalidOperationException($"The access token has no claim '{type}'.");
}
