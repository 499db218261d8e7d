using System.Diagnostics;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Stories.Playing;

/// <summary>What a story can do to one user.</summary>
internal static class UserActions
{
    private static readonly TimeSpan LicenseBound = TimeSpan.FromSeconds(30);

    public delegate Task Action(StoryContext scene, TenantUser user, CancellationToken cancellationToken);

    public static IReadOnlyDictionary<string, Action> All { get; } = new Dictionary<string, Action>(StringComparer.Ordinal)
    {
        ["assign"] = (scene, user, ct) => scene.Client.AssignAsync(user, ct),
        ["unassign"] = (scene, user, ct) => scene.Client.UnassignAsync(user, ct),
        ["reassign"] = (scene, user, ct) => scene.Client.ReassignAsync(user, ct),
        ["suspend"] = (scene, user, ct) => scene.Client.SuspendAsync(user, ct),
        ["resume"] = (scene, user, ct) => scene.Client.ResumeAsync(user, ct),
        ["delete"] = (scene, user, ct) => scene.Client.DeleteAsync(user, ct),
        // At the provider only; the next cycle sends it.
        ["change"] = (_, user, _) => Change(user),
        ["push"] = (scene, user, ct) => scene.Client.UpdateProfileAsync(user, ct),
        ["update"] = async (scene, user, ct) =>
        {
            await Change(user);
            await scene.Client.UpdateProfileAsync(user, ct);
        },
        ["rename"] = async (scene, user, ct) =>
        {
            (user.UserName, user.FamilyName, user.Changed) = ("renamed." + user.UserName, user.FamilyName + "-Håkansson", true);
            await scene.Client.UpdateProfileAsync(user, ct);
        },
        ["rehire"] = RehireAsync,
        ["license"] = LicenseAsync,
    };

    public static async Task ActAsync(StoryContext scene, TenantUser user, ConsoleAction action, CancellationToken cancellationToken)
    {
        var expected = ConsoleRules.Apply(user.Standing!, action);
        var status = await scene.Console.ActOnUserAsync(Known(user.InternalId), action, cancellationToken);
        user.Standing = expected;
        if (status != expected.Status) throw new UnexpectedAnswerException($"user {user.ScimId} to be {expected.Status} after {action} in the console", status);
    }

    private static Task Change(TenantUser user)
    {
        (user.GivenName, user.Department, user.Changed) = (user.GivenName + "-Maria", "Research", true);
        return Task.CompletedTask;
    }

    /// <summary>Somebody else, to the provider, by the name of a user that was deleted: must be a new user here too.</summary>
    private static Task RehireAsync(StoryContext scene, TenantUser user, CancellationToken cancellationToken)
    {
        (user.ExternalId, user.Standing, user.ScimId, user.InternalId, user.Changed) = (user.ExternalId[..^6] + Guid.NewGuid().ToString("N")[..6], null, null, null, true);
        return scene.Client.AssignAsync(user, cancellationToken);
    }

    /// <summary>The license service may have to hear first that the user is active.</summary>
    private static async Task LicenseAsync(StoryContext scene, TenantUser user, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await scene.Console.AssignLicenseAsync(scene.Pool!.Value, Known(user.InternalId), cancellationToken))
        {
            if (watch.Elapsed > LicenseBound) throw new UnexpectedAnswerException($"a license for the active user {user.ScimId} within {LicenseBound.TotalSeconds} s", "refusals");
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
        user.Licensed = true;
    }

    internal static Guid Known(Guid? id) => id ?? throw new UnexpectedAnswerException("the console to list every user and group that SCIM has", "one less");
}
