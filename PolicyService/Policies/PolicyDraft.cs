using System.Text;

namespace PolicyService.Policies;

/// <summary>What an admin asks a policy to be, checked.</summary>
/// <param name="NameKey">Canonical form of the name: names of one account differ in it.</param>
/// <param name="Enabled">Null: as it is; a new policy is enabled.</param>
/// <param name="Order">Null: as it is; a new policy comes last.</param>
internal sealed record PolicyDraft(string Name, string NameKey, Guid[] GroupIds, bool? Enabled, int? Order)
{
    internal const int MaxName = 200;
    internal const int MaxGroups = 1_000;
    internal const int MaxOrder = 1_000_000;

    /// <summary>Exactly one of the two is there; the error says what to change.</summary>
    internal static (PolicyDraft? Draft, string? Error) Check(string? name, IReadOnlyCollection<Guid>? groupIds, bool? enabled, int? order)
    {
        var trimmed = name?.Trim() ?? "";
        if (trimmed.Length is 0 or > MaxName || trimmed.Any(char.IsControl))
            return (null, $"'name' must have 1 to {MaxName} characters, none of them control characters.");
        if (groupIds is null)
            return (null, "'groupIds' must be a list of group ids (not SCIM ids); it may be empty.");
        if (groupIds.Count > MaxGroups)
            return (null, $"'groupIds' has {groupIds.Count} entries; a policy names at most {MaxGroups} groups.");
        if (order is < 0 or > MaxOrder)
            return (null, $"'order' must be a whole number from 0 to {MaxOrder}; lower comes first.");
        return (new PolicyDraft(trimmed, Key(trimmed), [.. groupIds.Distinct()], enabled, order), null);
    }

    private static string Key(string name) => name.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
}
