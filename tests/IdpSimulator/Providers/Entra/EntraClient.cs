using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Entra;

/// <summary>
/// Microsoft Entra ID. It matches by a filter, creates what it does not find, reads by id before it changes, sends only
/// deltas, never reads membership back, and disables rather than deletes.
/// </summary>
public sealed class EntraClient : IProvisioningClient, ISyncCycles
{
    private readonly EntraDialect dialect;
    private readonly UserTraffic users;
    private readonly GroupTraffic groups;

    public EntraClient(Uri baseUrl, string token, EntraDialect dialect, Recorder recorder, Pace? pace = null)
    {
        this.dialect = dialect;
        Wire = new(baseUrl, token, dialect.Wire(), recorder, pace);
        users = new(Wire, Rule);
        groups = new(Wire);
    }

    public ScimWire Wire { get; }

    public DirectoryRule Rule => DirectoryRule.Entra;

    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>A user that cannot exist: 200 and an empty list. A 404 here can lead to quarantine.</summary>
    public async Task TestConnectionAsync(CancellationToken cancellationToken)
    {
        var answer = await Wire.GetAsync("Users?" + ScimFilter.Eq("userName", NewId()), cancellationToken);
        if (answer.Found.Count != 0) throw new UnexpectedAnswerException("an empty list for a userName that cannot exist", "a user");
    }

    public async Task AssignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = true;
        if (await MatchAsync(user, cancellationToken) is null) return;
        await SetActiveAsync(user, true, cancellationToken);
        await SendProfileAsync(user, cancellationToken);
    }

    public async Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (await users.ReadAsync(user, cancellationToken) is not null) await SendProfileAsync(user, cancellationToken);
    }

    public Task UnassignAsync(TenantUser user, CancellationToken cancellationToken) => WantAsync(user, false, cancellationToken);

    public Task ReassignAsync(TenantUser user, CancellationToken cancellationToken) => WantAsync(user, true, cancellationToken);

    /// <summary>Blocked, or soft-deleted: the same on the wire.</summary>
    public Task SuspendAsync(TenantUser user, CancellationToken cancellationToken) => WantAsync(user, false, cancellationToken);

    public Task ResumeAsync(TenantUser user, CancellationToken cancellationToken) => WantAsync(user, true, cancellationToken);

    /// <summary>30 days after the soft delete, or when an admin empties the bin.</summary>
    public async Task DeleteAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = false;
        await users.DeleteAsync(user, cancellationToken);
        await users.ReadAsync(user, cancellationToken);
    }

    public async Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        await MatchAsync(group, cancellationToken);
        await ChangeMembersAsync(group, members, [], cancellationToken);
    }

    /// <summary>Out of scope. Members who are in the app by nothing else follow as unassigned users: the story says who.</summary>
    public Task RemoveGroupAsync(TenantGroup group, CancellationToken cancellationToken) => groups.DeleteAsync(group, cancellationToken);

    public async Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        if (await ReadAsync(group, cancellationToken) is not null) await PatchAsync(group, EntraPatches.GroupName(dialect, group), cancellationToken);
    }

    public async Task ChangeMembersAsync(
        TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken)
    {
        if (await ReadAsync(group, cancellationToken) is null) return;
        if (add.Count > 0)
        {
            await PatchAsync(group, EntraPatches.AddMembers(dialect, add), cancellationToken);
            group.Join(add);
        }
        if (remove.Count > 0)
        {
            await PatchAsync(group, EntraPatches.RemoveMembers(dialect, remove), cancellationToken);
            group.Leave(remove);
        }
    }

    /// <summary>
    /// Read by id, or matched anew when that is gone or forgotten; then what differs is sent, <c>active</c> included: so the
    /// directory overrides the console.
    /// </summary>
    public async Task SyncAsync(TenantUser user, bool forgotten, CancellationToken cancellationToken)
    {
        if (user.ScimId is null && !user.Wanted) return;
        var seen = forgotten || user.ScimId is null ? null : await users.ReadAsync(user, cancellationToken);
        if (seen is null && !user.Wanted && user.Standing is null or { Removed: true }) return;
        seen ??= await MatchAsync(user, cancellationToken);
        if (seen is null) return;
        if (seen["active"]?.GetValue<bool>() != user.Wanted) await SetActiveAsync(user, user.Wanted, cancellationToken);
        if (EntraShapes.Differs(seen, user)) await SendProfileAsync(user, cancellationToken);
        user.Changed = false;
    }

    /// <summary>A group that is gone is made anew, without members: those are sent when the group comes into scope.</summary>
    public async Task SyncAsync(TenantGroup group, bool forgotten, CancellationToken cancellationToken)
    {
        var seen = forgotten ? null : await ReadAsync(group, cancellationToken);
        seen ??= await MatchAsync(group, cancellationToken);
        if (seen is not null && seen["displayName"]?.ToString() != group.DisplayName) await PatchAsync(group, EntraPatches.GroupName(dialect, group), cancellationToken);
    }

    /// <summary>Null when the user had to be created.</summary>
    private async Task<JsonObject?> MatchAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(user, ScimFilter.Eq("userName", user.UserName), cancellationToken) is { } found) return found;
        await users.CreateAsync(user, EntraShapes.CreateUser(user), cancellationToken);
        return null;
    }

    private async Task<JsonObject?> MatchAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(group, "excludedAttributes=members&" + ScimFilter.Eq("displayName", group.DisplayName), cancellationToken) is { } found) return found;
        await groups.CreateAsync(group, EntraShapes.CreateGroup(group), [], cancellationToken);
        return null;
    }

    private Task<JsonObject?> ReadAsync(TenantGroup group, CancellationToken cancellationToken) =>
        groups.ReadAsync(group, "?excludedAttributes=members", cancellationToken);

    private async Task WantAsync(TenantUser user, bool active, CancellationToken cancellationToken)
    {
        user.Wanted = active;
        if (await users.ReadAsync(user, cancellationToken) is not null) await SetActiveAsync(user, active, cancellationToken);
        else if (active) await MatchAsync(user, cancellationToken);
    }

    private Task<bool> SetActiveAsync(TenantUser user, bool active, CancellationToken cancellationToken) =>
        users.WriteAsync(user, HttpMethod.Patch, EntraPatches.Active(dialect, active), UserWrite.PatchActive(active), cancellationToken);

    private Task<bool> SendProfileAsync(TenantUser user, CancellationToken cancellationToken) =>
        users.WriteAsync(user, HttpMethod.Patch, EntraPatches.Profile(dialect, user), UserWrite.PatchProfile(changes: true), cancellationToken);

    private Task<bool> PatchAsync(TenantGroup group, JsonObject patch, CancellationToken cancellationToken) =>
        groups.WriteAsync(group, HttpMethod.Patch, patch, [HttpStatusCode.NoContent], cancellationToken);

    public void Dispose() => Wire.Dispose();
}
