namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>What the text of idp-behaviour §3 says is kept of a user, and the letter of its tables.</summary>
internal sealed class ModelUser
{
    public required string UserName { get; set; }
    public required string? ExternalId { get; set; }
    public required string DisplayName { get; set; }
    public required bool IdpActive { get; set; }
    public bool Disabled { get; set; }
    public bool Deleted { get; set; }
    public bool Released { get; set; }
    public bool Gone { get; set; }

    /// <summary>Looked up by the IdP since the last change, where the directory counts that.</summary>
    public bool LookedUp { get; set; }

    public int Deactivations { get; private set; }

    /// <summary>The step at which it became P: of two, the later one comes back.</summary>
    public int GoneAt { get; set; }

    /// <summary>Learnt from the service when it was created, and of the present incarnation.</summary>
    public Guid Id { get; set; }
    public Guid ScimId { get; set; }

    public bool IsNamed(string userName) => string.Equals(UserName, userName, StringComparison.OrdinalIgnoreCase);
    public bool LetGo => Released || LookedUp;
    public bool Active => Letter == "A";

    public string Letter => this switch
    {
        { Gone: true } => "P",
        { Deleted: true } => LetGo ? "XR" : "X",
        { Disabled: true } => IdpActive ? "D" : "DU",
        _ => IdpActive ? "A" : "U",
    };

    /// <summary>As <c>/api/v1</c> names it.</summary>
    public string Status => Letter switch
    {
        "A" => "active",
        "U" => "unassigned",
        "D" or "DU" => "disabled",
        "X" or "XR" => "deleted",
        _ => "removed",
    };

    /// <summary>Makes a change; true when it was one. Whoever is changed is no longer looked up, and a user who was active and is not any more counts.</summary>
    public bool Change(Action change)
    {
        var (before, active) = (Facts, Active);
        change();
        if (Facts == before) return false;
        LookedUp = false;
        if (active && !Active) Deactivations++;
        return true;
    }

    private (string, string?, string, bool, bool, bool, bool, bool) Facts =>
        (UserName, ExternalId, DisplayName, IdpActive, Disabled, Deleted, Released, Gone);
}
