using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers;

/// <summary>What providers rely on in answers, beyond the status.</summary>
internal static class ProviderExpectations
{
    /// <summary>RFC 7644 §3.3: a create answers with Location = meta.location and the whole resource.</summary>
    public static string Created(ScimAnswer answer)
    {
        var location = answer.Resource["meta"]?["location"]?.GetValue<string>();
        if (location is null || answer.Location?.OriginalString != location)
            throw new UnexpectedAnswerException("a 201 whose Location equals meta.location", $"Location {answer.Location}, meta.location {location ?? "none"}");
        return answer.Id;
    }

    /// <summary>An activation that is answered with <c>active:false</c> makes Okta retry for ever, and Entra believe what is not so.</summary>
    public static void Active(JsonObject user, bool active)
    {
        var actual = user["active"]?.GetValue<bool>();
        if (actual != active) throw new UnexpectedAnswerException($"a user with active:{(active ? "true" : "false")}", $"active:{actual?.ToString() ?? "none"}");
    }

    /// <summary>The refusal must say so in a way that a machine and an IdP admin understand.</summary>
    public static bool Mutability(ScimAnswer answer)
    {
        if (answer.Resource["scimType"]?.ToString() != "mutability" || string.IsNullOrEmpty(answer.Resource["detail"]?.ToString()))
            throw new UnexpectedAnswerException("a refusal with scimType mutability and a detail", $"scimType {answer.Resource["scimType"] ?? "none"}");
        return false;
    }

    public static string ScimId(TenantUser user) =>
        user.ScimId ?? throw new InvalidOperationException($"User {user.ExternalId} is not assigned yet; assign it first.");

    public static string ScimId(TenantGroup group) =>
        group.ScimId ?? throw new InvalidOperationException($"Group {group.ExternalId} is not pushed yet; push it first.");
}
