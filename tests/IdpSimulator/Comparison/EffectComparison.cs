using System.Diagnostics;
using IdpSimulator.Stories.Playing;
using IdpSimulator.Tenants;

namespace IdpSimulator.Comparison;

/// <summary>What follows by messages, and so a little later: who holds a license, and whom policies apply to.</summary>
internal static class EffectComparison
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until nothing differs that was not told before, or the bound has passed.</summary>
    public static async Task<IReadOnlyList<Difference>> CompareAsync(StoryContext scene, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Difference[] differences = [.. await LicensesAsync(scene, cancellationToken), .. await PoliciesAsync(scene, cancellationToken)];
            if (watch.Elapsed > Bound || differences.All(difference => scene.Crowd.Told(difference.ToString()))) return differences;
            await Task.Delay(Between, cancellationToken);
        }
    }

    private static async Task<IEnumerable<Difference>> LicensesAsync(StoryContext scene, CancellationToken cancellationToken) =>
        scene.Pool is { } pool ? Licenses(scene.Tenant, (await scene.Console.HoldersAsync(pool, cancellationToken)).ToHashSet()) : [];

    private static async Task<IEnumerable<Difference>> PoliciesAsync(StoryContext scene, CancellationToken cancellationToken)
    {
        var scimIds = scene.Tenant.Users.Where(user => user.InternalId is not null).ToDictionary(user => user.InternalId!.Value, user => user.ScimId);
        var compared = await scene.Crowd.SelectAsync([.. scene.Tenant.Groups.Where(group => group.Policy is not null)], async (group, ct) =>
            Policy(group, (await scene.Console.PolicyMembersAsync(group.Policy!.Value, ct)).ToHashSet(), id => scimIds.GetValueOrDefault(id)), cancellationToken);
        return compared.SelectMany(differences => differences);
    }

    internal static IEnumerable<Difference> Licenses(Tenant tenant, HashSet<Guid> holders) => tenant.Users
        .Where(user => user.InternalId is { } id && holders.Contains(id) != user.Licensed)
        .Select(user => new Difference($"user {user.ScimId}", "license", Held(user.Licensed), Held(!user.Licensed), "the license service"));

    internal static IEnumerable<Difference> Policy(TenantGroup group, HashSet<Guid> actual, Func<Guid, string?> scimId)
    {
        var believed = Believed(group).ToHashSet();
        return believed.Except(actual).Select(id => Of(id, "it applies", "it does not"))
            .Concat(actual.Except(believed).Select(id => Of(id, "it does not apply", "it does")));

        Difference Of(Guid user, string believes, string says) =>
            new($"policy of group {group.ScimId}", $"for user {scimId(user) ?? user.ToString()}", believes, says, "the policy service");
    }

    private static IEnumerable<Guid> Believed(TenantGroup group) => group.Standing is { Status: "live" }
        ? group.Members.Where(member => member.Active && member.InternalId is not null).Select(member => member.InternalId!.Value)
        : [];

    private static string Held(bool held) => held ? "it is held" : "it is free";
}
