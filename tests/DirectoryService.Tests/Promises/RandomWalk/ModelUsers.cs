using DirectoryService.Tests.Lifecycle;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>What must be answered: the status, the keyword of a refusal.</summary>
internal sealed record PredictedOutcome(int Status, string? ScimType = null);

/// <summary>
/// The users of one directory as idp-behaviour §3 has them, written from its text. It knows nothing of the service's own
/// decisions.
/// </summary>
internal sealed class ModelUsers(bool overrides, bool lookupReleases, ModelGroups groups)
{
    internal List<ModelUser> All { get; } = [];

    internal IEnumerable<ModelUser> Shown => All.Where(user => !user.Gone);

    /// <param name="Active">Null: not said.</param>
    /// <param name="NamesMore">Whether a PATCH names anything but <c>active</c>.</param>
    internal sealed record Write(string UserName, string? ExternalId, string DisplayName, bool? Active, bool IsPatch, bool NamesMore);

    internal PredictedOutcome Writes(ModelUser user, Write write)
    {
        if (user.Gone) return new(404);
        var changesMore = (write.UserName, write.ExternalId, write.DisplayName) != (user.UserName, user.ExternalId, user.DisplayName);
        var signal = Signal(user, write, changesMore);
        var cell = BehaviourTableReader.Cell(overrides, user.Letter, signal);
        if (cell == "400") return new(400, "mutability");
        if (Shown.Any(other => other != user && other.IsNamed(write.UserName))) return new(409, "uniqueness");
        user.Change(() =>
        {
            (user.UserName, user.ExternalId, user.DisplayName) = (write.UserName, write.ExternalId, write.DisplayName);
            if (signal == "deactivation") (user.IdpActive, user.Released) = (false, user.Disabled || user.Deleted);
            if (signal == "activation") Revive(user);
            if (signal != "update") Assert.Equal(cell, user.Letter);
        });
        return new(200);
    }

    private string Signal(ModelUser user, Write write, bool changesMore) => write.Active switch
    {
        null => "update",
        false => user.Active || write.IsPatch || !changesMore ? "deactivation" : "update",
        true when user.Letter == "A" => "update",
        true when user.Letter == "U" || overrides || (write.IsPatch && !write.NamesMore) || !user.IdpActive || user.LetGo => "activation",
        true => "update",
    };

    private static void Revive(ModelUser user) =>
        (user.IdpActive, user.Disabled, user.Deleted, user.Released) = (true, false, false, false);

    internal enum CreateOutcome { None, Same, Revived, New }

    /// <summary>A POST: the answer, what it made, and of whom.</summary>
    internal (PredictedOutcome Answer, CreateOutcome Arrival, ModelUser? User) Posts(string userName, string? externalId, string displayName, bool active, int step)
    {
        var known = Shown.SingleOrDefault(user => user.IsNamed(userName));
        if (known is not null && BehaviourTableReader.Cell(overrides, known.Letter, "post") == "409") return (new(409, "uniqueness"), CreateOutcome.None, null);
        if (known is not null && (known.ExternalId is null || externalId is null || known.ExternalId == externalId))
        {
            Arrive(known, userName, externalId, displayName, active);
            return (new(201), CreateOutcome.Same, known);
        }
        var removed = All.Where(user => user.Gone && user.IsNamed(userName) && externalId is not null && user.ExternalId == externalId)
            .MaxBy(user => user.GoneAt);
        if (removed is { Disabled: true } && !overrides) return (new(400, "mutability"), CreateOutcome.None, null);
        if (known is not null) Remove(known, step);
        if (removed is not null)
        {
            Arrive(removed, userName, externalId, displayName, active);
            return (new(201), CreateOutcome.Revived, removed);
        }
        var made = new ModelUser { UserName = userName, ExternalId = externalId, DisplayName = displayName, IdpActive = active };
        All.Add(made);
        return (new(201), CreateOutcome.New, made);
    }

    private static void Arrive(ModelUser user, string userName, string? externalId, string displayName, bool active) => user.Change(() =>
    {
        (user.UserName, user.ExternalId, user.DisplayName, user.Gone) = (userName, externalId, displayName, false);
        (user.IdpActive, user.Disabled, user.Deleted, user.Released) = (active, user.Disabled && !active, false, false);
    });

    internal PredictedOutcome Deletes(ModelUser user, int step)
    {
        if (user.Gone) return new(404);
        Remove(user, step);
        return new(204);
    }

    private void Remove(ModelUser user, int step)
    {
        user.Change(() => (user.Gone, user.IdpActive, user.Deleted, user.Released, user.GoneAt) = (true, false, false, false, step));
        groups.Leave(user);
    }

    /// <summary>A look-up by userName or externalId: who is found, and noted where the directory counts it.</summary>
    internal IReadOnlyList<ModelUser> LooksUp(Func<ModelUser, bool> filter)
    {
        var found = Shown.Where(filter).ToList();
        if (lookupReleases) foreach (var user in found.Where(user => user.Disabled || user.Deleted)) user.LookedUp = true;
        return found;
    }

    /// <summary>Null: refused. Else whether it changed anything.</summary>
    internal bool? Console(ModelUser user, string action, int step) => action switch
    {
        "enable" when user.Deleted => null,
        "enable" when user.Gone => user.Change(() => user.Disabled = false),
        "enable" => user.Change(() => Revive(user)),
        "disable" when user.Deleted => null,
        "disable" => user.Change(() => user.Disabled = true),
        "delete" => !user.Deleted && user.Change(() => (user.Deleted, user.Released) = (true, false)),
        "restore" when !user.Deleted => null,
        "restore" => user.Change(() => (user.Deleted, user.Released) = (false, user.Released && user.Disabled)),
        "purge" when user.Deleted && !user.Gone => Deletes(user, step).Status == 204,
        _ => null,
    };
}
