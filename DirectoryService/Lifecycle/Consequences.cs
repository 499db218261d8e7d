namespace DirectoryService.Lifecycle;

/// <summary>
/// What will happen when an admin acts, given whose user it is: shown before the admin confirms. Sentences for people.
/// </summary>
public static class Consequences
{
    /// <param name="provider">Name of the directory's kind; null for a manual user.</param>
    /// <param name="directoryDeleted">Nothing syncs any more.</param>
    public static IReadOnlyList<string> OfUser(UserState state, ConsoleAction action, string? provider, ConflictRule rule, bool directoryDeleted)
    {
        var decision = UserConsole.Decide(state, action);
        if (decision.Refusal is { } refusal) return [refusal];
        if (decision.Change is null) return ["Nothing changes: the user is in that state already."];
        var says = new List<string>();
        if (state.Active && !decision.Next.Active) says.Add("The user loses its license at once, and leaves all policies.");
        if (!state.Active && decision.Next.Active) says.Add("Policies apply to the user again. A license comes back only through an assignment rule.");
        if (action == ConsoleAction.Purge) says.Add("The user's group memberships end. This cannot be undone.");
        if (provider is not null && !directoryDeleted) says.AddRange(OfDirectory(state, action, provider, rule));
        if (directoryDeleted) says.Add("The directory was deleted: nothing that its identity provider does reaches this user.");
        return says;
    }

    private static IEnumerable<string> OfDirectory(UserState state, ConsoleAction action, string provider, ConflictRule rule) => (action, rule) switch
    {
        (ConsoleAction.Disable or ConsoleAction.Delete, ConflictRule.Override) =>
            [$"{provider} overrides the console: at its next provisioning cycle it revives and enables this user. Unassign the user there to keep it out."],
        (ConsoleAction.Disable, ConflictRule.Preserve) =>
            [$"The user stays disabled while {provider} goes on sending updates. Assigning it again in {provider} fails until it is enabled here."],
        (ConsoleAction.Delete, ConflictRule.Preserve) =>
            [$"{provider} still sees the user, as inactive. To bring it back: unassign it in {provider} and assign it again, or restore it here."],
        (ConsoleAction.Enable, _) when !state.IdpActive && !state.Removed =>
            [$"{provider} has disabled this user and may disable it again at its next update."],
        (ConsoleAction.Restore, _) when !state.IdpActive =>
            [$"{provider} has unassigned this user: it comes back disabled."],
        (ConsoleAction.Purge, _) => [$"If {provider} still has the user assigned, its next request makes a new one."],
        _ => [],
    };

    /// <summary>The same for a group.</summary>
    public static IReadOnlyList<string> OfGroup(GroupState state, ConsoleAction action, string? provider)
    {
        var decision = GroupLifecycle.Decide(state, action);
        if (decision.Refusal is { } refusal) return [refusal];
        if (decision.Change is null) return ["Nothing changes: the group is in that state already."];
        var says = new List<string>();
        if (state.Status == Contracts.Events.V1.GroupStatus.Live) says.Add("Policies and license rules that name the group lose its members.");
        if (decision.Next.Status == Contracts.Events.V1.GroupStatus.Live) says.Add("Policies and license rules that name the group apply to its members again.");
        if (action == ConsoleAction.Delete && provider is not null)
            says.Add(provider == "EntraId"
                ? "When Entra ID provisions the group again it comes back without its members; remove it from the application and add it back to restore them."
                : $"Pushing the group from {provider} fails until it is unlinked there and pushed again; then it comes back with its members.");
        return says;
    }
}
