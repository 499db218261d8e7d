using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// Describes what a console action will do, depending on the directory's provider and rule. The sentences are shown before the
/// admin confirms; there is at least one.
/// </summary>
public static class Consequences
{
    /// <param name="provider">Name of the directory's provider; null for a manual user.</param>
    /// <param name="directoryDeleted">Whether the directory was deleted, so that nothing is synchronized any more.</param>
    public static IReadOnlyList<string> OfUser(UserState state, ConsoleAction action, string? provider, ConflictRule rule, bool directoryDeleted)
    {
        var decision = UserConsoleLifecycle.Decide(state, action);
        if (decision.Refusal is { } refusal) return [refusal];
        if (decision.Change is null) return ["Nothing changes: the user is in that state already."];
        var says = new List<string> { OfState(state, decision.Next, action) };
        if (provider is not null && !directoryDeleted)
            says.AddRange(OfDirectory(state, action, Named(provider), rule).Select(Sentence));
        if (directoryDeleted) says.Add("The directory was deleted: nothing that its identity provider does reaches this user.");
        return says;
    }

    private static string OfState(UserState before, UserState after, ConsoleAction action) => (before.Active, after.Active) switch
    {
        _ when action == ConsoleAction.Purge => "The user's group memberships end. This cannot be undone.",
        (true, false) => "The user loses its license at once, and leaves all policies.",
        (false, true) => "Policies apply to the user again. A license comes back only where a license rule gives one; else assign it again.",
        _ when after.Removed => "The user stays removed. What is set here counts when the directory creates it again.",
        _ when action == ConsoleAction.Restore => "The user comes back disabled. Enable it to make it active.",
        _ => "The user is not active already, so its licenses and policies do not change.",
    };

    private static IEnumerable<string> OfDirectory(UserState state, ConsoleAction action, string provider, ConflictRule rule) => (action, rule) switch
    {
        (ConsoleAction.Disable, ConflictRule.Preserve) when state.Removed =>
            [$"If {provider} creates the user again, that is refused until the user is enabled here."],
        (ConsoleAction.Disable, ConflictRule.Override) when state.Removed =>
            [$"If {provider} creates the user again, the user comes back enabled all the same."],
        _ when state.Removed => [$"{provider} has removed this user. If it creates the user again, the user comes back."],
        (ConsoleAction.Disable or ConsoleAction.Delete, ConflictRule.Override) when !state.IdpActive =>
            [$"{provider} overrides the console: if it enables this user again, the user is active here too."],
        (ConsoleAction.Disable or ConsoleAction.Delete, ConflictRule.Override) =>
            [$"{provider} overrides the console: at its next provisioning cycle it revives and enables this user. Unassign the user there to keep it out."],
        (ConsoleAction.Disable, ConflictRule.Preserve) =>
            [$"The user stays disabled while {provider} goes on sending updates. Assigning it again in {provider} fails until it is enabled here."],
        (ConsoleAction.Delete, ConflictRule.Preserve) =>
            [$"{provider} still sees the user, as inactive. To bring it back: unassign it in {provider} and assign it again, or restore it here."],
        (ConsoleAction.Enable, _) when !state.IdpActive => [$"{provider} has disabled this user and may disable it again at its next update."],
        (ConsoleAction.Restore, _) when !state.IdpActive => [$"{provider} has unassigned this user: it stays disabled until {provider} assigns it again, or it is enabled here."],
        (ConsoleAction.Purge, _) => [$"If {provider} still has the user assigned, its next request makes a new one."],
        _ => [],
    };

    /// <summary>The same for a group.</summary>
    public static IReadOnlyList<string> OfGroup(GroupState state, ConsoleAction action, string? provider)
    {
        var decision = GroupLifecycle.Decide(state, action);
        if (decision.Refusal is { } refusal) return [refusal];
        if (decision.Change is null) return ["Nothing changes: the group is in that state already."];
        var says = new List<string> { OfEffect(state.Status, decision.Next.Status, action) };
        var (before, after) = (state.Status == GroupStatus.Live, decision.Next.Status == GroupStatus.Live);
        if (before != after) says.Add(after ? "Policies that exclude the group leave its members out again." : "Policies that exclude the group no longer leave its members out.");
        if (action == ConsoleAction.Delete && provider is not null)
            says.Add(provider == "EntraId"
                ? "When Entra ID provisions the group again it comes back without its members; remove it from the application and add it back to restore them."
                : $"Pushing the group from {Named(provider)} fails until it is unlinked there and pushed again; then it comes back with its members.");
        return says;
    }

    private static string OfEffect(GroupStatus before, GroupStatus after, ConsoleAction action) => (before == GroupStatus.Live, after == GroupStatus.Live) switch
    {
        _ when action == ConsoleAction.Purge => "The group's memberships end. This cannot be undone.",
        (true, _) => "Policies that name the group lose its members, and so do license rules: who holds a license by such a rule alone loses it.",
        (_, true) => "Policies that name the group apply to its members again, and license rules give them licenses while seats are free.",
        _ => "The group has no effect already, so policies and licenses do not change.",
    };

    /// <summary>The vendor's spelling of the provider's name, for use in a sentence.</summary>
    private static string Named(string provider) => provider switch
    {
        "EntraId" => "Entra ID",
        "Dts" => "DTS Identity",
        "Generic" => "the identity provider",
        _ => provider,
    };

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
