namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>What the text of idp-behaviour §4 says is kept of a group.</summary>
internal sealed class ModelGroup
{
    public required string Name { get; set; }
    public required string? ExternalId { get; set; }
    public bool Disabled { get; set; }
    public bool Deleted { get; set; }
    public bool Gone { get; set; }

    /// <summary>When it last ceased to be live, or was deleted by the IdP: the latest one comes back.</summary>
    public int GoneAt { get; set; }

    public HashSet<ModelUser> Members { get; set; } = [];
    public Guid Id { get; set; }
    public Guid ScimId { get; set; }

    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
    public bool Shown => !Deleted && !Gone;
    public string Status => Gone ? "removed" : Deleted ? "deleted" : Disabled ? "disabled" : "live";
}

/// <summary>The groups of one directory as idp-behaviour §4 has them, written from its text: the same for every provider.</summary>
internal sealed class ModelGroups
{
    internal List<ModelGroup> All { get; } = [];

    internal IEnumerable<ModelGroup> Shown => All.Where(group => group.Shown);

    internal void Leave(ModelUser user)
    {
        foreach (var group in All) group.Members.Remove(user);
    }

    /// <summary>A POST: the answer, whether a group of before came back, and the group.</summary>
    internal (PredictedOutcome Answer, bool Back, ModelGroup? Group) Posts(string name, string? externalId, IEnumerable<ModelUser> members)
    {
        if (NameTaken(name, null) || ExternalIdTaken(externalId, null)) return (new(409, "uniqueness"), false, null);
        var same = All.Where(group => !group.Shown && IsSame(group, name, externalId)).MaxBy(group => group.GoneAt);
        var live = same ?? new ModelGroup { Name = name, ExternalId = externalId };
        if (same is null) All.Add(live);
        (live.Name, live.ExternalId, live.Deleted, live.Gone, live.Members) = (name, externalId, false, false, [.. members.Where(user => !user.Gone)]);
        return (new(201), same is not null, live);
    }

    private static bool IsSame(ModelGroup group, string name, string? externalId) =>
        group.ExternalId is null || externalId is null ? group.IsNamed(name) : group.ExternalId == externalId;

    private bool NameTaken(string name, ModelGroup? except) => Shown.Any(other => other != except && other.IsNamed(name));

    private bool ExternalIdTaken(string? externalId, ModelGroup? except) =>
        externalId is not null && Shown.Any(other => other != except && other.ExternalId == externalId);

    /// <param name="knowsMembers">Whether every member that the request names was once issued by the directory.</param>
    internal PredictedOutcome Writes(ModelGroup group, string name, IEnumerable<ModelUser> membersAfter, bool knowsMembers, int answers)
    {
        if (!group.Shown) return new(404);
        if (!knowsMembers) return new(400, "invalidValue");
        if (NameTaken(name, group)) return new(409, "uniqueness");
        (group.Name, group.Members) = (name, [.. membersAfter.Where(user => !user.Gone)]);
        return new(answers);
    }

    internal static PredictedOutcome Deletes(ModelGroup group, int step)
    {
        if (group.Gone) return new(404);
        Remove(group);
        group.GoneAt = step;
        return new(204);
    }

    private static void Remove(ModelGroup group) => (group.Gone, group.Deleted, group.Members) = (true, false, []);

    /// <summary>Null: refused. Else whether it changed anything.</summary>
    internal bool? Console(ModelGroup group, string action, int step)
    {
        switch (action)
        {
            case "enable" or "disable" when !group.Shown: return null;
            case "enable" or "disable":
                var changes = group.Disabled != (action == "disable");
                group.Disabled = action == "disable";
                return changes;
            case "delete" when group.Gone: return null;
            case "delete":
                if (group.Deleted) return false;
                (group.Deleted, group.GoneAt) = (true, step);
                return true;
            case "restore" when group.Deleted && !NameTaken(group.Name, group) && !ExternalIdTaken(group.ExternalId, group):
                group.Deleted = false;
                return true;
            case "purge" when group.Deleted:
                Remove(group);
                return true;
            default: return null;
        }
    }
}
