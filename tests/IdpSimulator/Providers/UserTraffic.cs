using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers;

/// <summary>
/// Single requests about users, each with the answer that the documents promise for where the user stands. The providers
/// decide which requests, in which order.
/// </summary>
internal sealed class UserTraffic(ScimWire wire, DirectoryRule rule)
{
    /// <summary>A query that must find the user, or nobody when it is gone.</summary>
    public async Task<JsonObject?> FindAsync(TenantUser user, string query, CancellationToken cancellationToken)
    {
        var found = (await wire.GetAsync("Users?" + query, cancellationToken)).Found;
        if (user.Standing is null && found is [var stranger]) return Adopt(user, stranger);
        if (user.Standing is null or { Removed: true })
            return found is [] ? null : throw new UnexpectedAnswerException("nobody of that name", $"{found.Count}");
        if (found is not [var only]) throw new UnexpectedAnswerException($"user {user.ScimId} to be found by its userName", $"{found.Count} users");
        CheckId(user, only);
        ProviderExpectations.Active(only, user.Active);
        user.Standing = user.Standing with { LookedUp = rule.LookupReleases && user.Standing.HeldBack };
        return only;
    }

    /// <summary>By id; null for one that is gone (404, as it must be).</summary>
    public async Task<JsonObject?> ReadAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var gone = user.Standing is { Removed: true };
        var answer = await wire.SendAsync(HttpMethod.Get, Target(user), null, gone ? HttpStatusCode.NotFound : HttpStatusCode.OK, cancellationToken);
        if (gone) return null;
        CheckId(user, answer.Resource);
        ProviderExpectations.Active(answer.Resource, user.Active);
        return answer.Resource;
    }

    /// <returns>Whether it had to be accepted.</returns>
    public async Task<bool> CreateAsync(TenantUser user, JsonObject body, CancellationToken cancellationToken)
    {
        var verdict = UserRules.Create(user.Standing, rule);
        var answer = await wire.SendAsync(HttpMethod.Post, "Users", body, verdict.Refused ? HttpStatusCode.BadRequest : HttpStatusCode.Created, cancellationToken);
        if (verdict.Refused) return ProviderExpectations.Mutability(answer);
        var id = ProviderExpectations.Created(answer);
        if (id == user.ScimId) throw new UnexpectedAnswerException("a new SCIM id for a user that was removed", "the old one");
        ProviderExpectations.Active(answer.Resource, verdict.Next.Active);
        (user.ScimId, user.Changed) = (id, false);
        user.Standing = verdict.Next;
        return true;
    }

    /// <returns>Whether it had to be accepted.</returns>
    public async Task<bool> WriteAsync(TenantUser user, HttpMethod method, JsonObject body, UserWrite write, CancellationToken cancellationToken)
    {
        var verdict = UserRules.Write(user.Standing!, write, rule);
        var answer = await wire.SendAsync(method, Target(user), body, verdict.Refused ? HttpStatusCode.BadRequest : HttpStatusCode.OK, cancellationToken);
        if (verdict.Refused) return ProviderExpectations.Mutability(answer);
        CheckId(user, answer.Resource);
        ProviderExpectations.Active(answer.Resource, verdict.Next.Active);
        user.Standing = verdict.Next;
        return true;
    }

    /// <summary>A DELETE, and that it is gone afterwards.</summary>
    public async Task DeleteAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await wire.SendAsync(HttpMethod.Delete, Target(user), null, HttpStatusCode.NoContent, cancellationToken);
        user.Standing = ConsoleRules.Removed(user.Standing!);
    }

    /// <summary>Of an earlier run under the same names: taken as SCIM shows it.</summary>
    private static JsonObject Adopt(TenantUser user, JsonObject found)
    {
        user.ScimId = found["id"]!.ToString();
        user.Standing = new ExpectedUserState { IdpActive = found["active"]?.GetValue<bool>() ?? false };
        return found;
    }

    private static string Target(TenantUser user) => $"Users/{ProviderExpectations.ScimId(user)}";

    private static void CheckId(TenantUser user, JsonObject answered)
    {
        if (answered["id"]?.ToString() != user.ScimId) throw new UnexpectedAnswerException($"user {user.ScimId}", $"user {answered["id"]}");
    }
}
