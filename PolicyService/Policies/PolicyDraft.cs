using System.Text;
using ServiceDefaults.Access;

namespace PolicyService.Policies;

/// <summary>The checked body of a POST or PUT. A null member was left out: the stored value stays.</summary>
/// <param name="NameKey">Canonical form of the name; it is unique within an account.</param>
internal sealed record PolicyDraft(
    string Name, string NameKey, PolicyKind? Kind, PolicyAction? Action, bool? Enabled, int? Order, bool? Everyone, IReadOnlyList<SubjectIdList> Lists)
{
    internal const int MaxName = 200;
    internal const int MaxSubjects = 1_000;
    internal const int MaxOrder = 1_000_000;

    /// <summary>Checks the body. Returns either the draft or an error text that says what to change.</summary>
    /// <param name="isNew">Whether the policy is created: then the body must name at least one source.</param>
    internal static (PolicyDraft? Draft, string? Error) Check(PolicyBody body, bool isNew = false)
    {
        var trimmed = body.Name?.Trim() ?? "";
        if (AdminNameRules.FindError("name", body.Name, MaxName) is { } fault) return (null, fault);
        if (body is { GroupIds: null, UserIds: null, DirectoryIds: null, Everyone: null } || (isNew && body is { GroupIds: null, UserIds: null, DirectoryIds: null, Everyone: false }))
            return (null, "Say whom the policy is for: 'groupIds', 'userIds' or 'directoryIds' (lists of ids, not SCIM ids, that may be empty), or 'everyone'.");
        if (body.Order is < 0 or > MaxOrder)
            return (null, $"'order' must be a whole number from 0 to {MaxOrder}; lower comes first.");
        if (!Word<PolicyKind>(body.Kind, out var kind)) return (null, NotAWord<PolicyKind>("kind"));
        if (!Word<PolicyAction>(body.Action, out var action)) return (null, NotAWord<PolicyAction>("action"));
        SubjectIdList[] lists =
        [
            SubjectIdList.Of("groupIds", Subject.Group, false, body.GroupIds), SubjectIdList.Of("excludedGroupIds", Subject.Group, true, body.ExcludedGroupIds),
            SubjectIdList.Of("userIds", Subject.User, false, body.UserIds), SubjectIdList.Of("excludedUserIds", Subject.User, true, body.ExcludedUserIds),
            SubjectIdList.Of("directoryIds", Subject.Directory, false, body.DirectoryIds),
            SubjectIdList.Of("excludedDirectoryIds", Subject.Directory, true, body.ExcludedDirectoryIds),
        ];
        if (lists.FirstOrDefault(list => list.Ids?.Count > MaxSubjects) is { } long_)
            return (null, $"'{long_.Name}' has {long_.Ids!.Count} entries; a policy names at most {MaxSubjects} there.");
        return (new PolicyDraft(trimmed, Key(trimmed), kind, action, body.Enabled, body.Order, body.Everyone, lists), null);
    }

    /// <summary>
    /// The definition after the change; for a new policy <paramref name="before"/> is <see cref="PolicyDefinition.New"/>.
    /// </summary>
    internal PolicyDefinition ApplyTo(PolicyDefinition before)
    {
        var given = Lists.Where(list => list.Ids is not null).ToList();
        return new PolicyDefinition(
            Name, NameKey, Kind ?? before.Kind, Action ?? before.Action, Enabled ?? before.Enabled, Order ?? before.Order, Everyone ?? before.Everyone,
            new HashSet<DefinitionTerm>(
            [
                .. before.Terms.Where(term => !given.Any(list => list.Holds(term))),
                .. given.SelectMany(list => list.Ids!.Select(id => new DefinitionTerm(list.Subject, id, list.Excluded))),
            ]));
    }

    private static string Key(string name) => name.Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    private static bool Word<T>(string? word, out T? value) where T : struct, Enum
    {
        value = word is null ? null : Words<T>().Where(pair => pair.Key == word).Select(pair => (T?)pair.Value).FirstOrDefault();
        return word is null || value is not null;
    }

    private static string NotAWord<T>(string name) where T : struct, Enum =>
        $"'{name}' must be one of {string.Join(", ", Words<T>().Select(pair => $"'{pair.Key}'"))}.";

    private static IEnumerable<KeyValuePair<string, T>> Words<T>() where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => KeyValuePair.Create(value.ToString().ToLowerInvariant(), value));
}

/// <summary>One of the lists of ids in a policy's body.</summary>
/// <param name="Ids">Distinct ids; null when the list was left out.</param>
internal sealed record SubjectIdList(string Name, Subject Subject, bool Excluded, IReadOnlyCollection<Guid>? Ids)
{
    internal static SubjectIdList Of(string name, Subject subject, bool excluded, IReadOnlyCollection<Guid>? ids) =>
        new(name, subject, excluded, ids?.Distinct().ToList());

    internal bool Holds(DefinitionTerm term) => term.Subject == Subject && term.Excluded == Excluded;
}
