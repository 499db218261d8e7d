using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Rfc;

/// <summary>OneLogin, JumpCloud and DTS Identity: one order of requests, and a style for the rest.</summary>
public sealed class RfcClient : IProvisioningClient
{
    private readonly RfcStyle style;
    private readonly UserTraffic users;
    private readonly GroupTraffic groups;

    internal RfcClient(Uri baseUrl, string token, RfcStyle style, Recorder recorder, Pace? pace = null)
    {
        this.style = style;
        Wire = new(baseUrl, token, style.Wire(), recorder, pace);
        users = new(Wire, Rule);
        groups = new(Wire);
    }

    public ScimWire Wire { get; }

    public DirectoryRule Rule => DirectoryRule.Others;

    public static string NewId() => Guid.NewGuid().ToString("N");

    public async Task TestConnectionAsync(CancellationToken cancellationToken)
    {
        foreach (var target in style.Tests) await Wire.GetAsync(target, cancellationToken);
    }

    /// <summary>A user that is found is activated with its profile.</summary>
    public async Task AssignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = true;
        if (await users.FindAsync(user, ScimFilter.Eq("userName", user.UserName), cancellationToken) is null)
            await users.CreateAsync(user, RfcShapes.User(user, true), cancellationToken);
        else await ActivateAsync(user, cancellationToken);
    }

    /// <summary>A PUT says <c>active</c> as the provider wants it, whatever SCIM shows.</summary>
    public async Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken)
    {
        // What SCIM no longer knows cannot be updated; assigning it again makes it anew.
        if (user.Standing is { Removed: true }) return;
        if (style.PatchesUsers) await users.WriteAsync(user, HttpMethod.Patch, RfcShapes.ProfilePatch(user), UserWrite.PatchProfile(user.Changed), cancellationToken);
        else await PutAsync(user, user.Wanted, cancellationToken);
        user.Changed = false;
    }

    public Task UnassignAsync(TenantUser user, CancellationToken cancellationToken) => DeactivateAsync(user, cancellationToken);

    public Task ReassignAsync(TenantUser user, CancellationToken cancellationToken) => AssignAsync(user, cancellationToken);

    public Task SuspendAsync(TenantUser user, CancellationToken cancellationToken) => DeactivateAsync(user, cancellationToken);

    public async Task ResumeAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = true;
        await ActivateAsync(user, cancellationToken);
    }

    public async Task DeleteAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await DeactivateAsync(user, cancellationToken);
        if (!style.Deletes) return;
        await users.DeleteAsync(user, cancellationToken);
        await users.ReadAsync(user, cancellationToken);
    }

    public async Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(group, ScimFilter.Eq("displayName", group.DisplayName), cancellationToken) is null)
        {
            await groups.CreateAsync(group, RfcShapes.Group(group, style.PostsMembers ? members : null), style.PostsMembers ? members : [], cancellationToken);
            if (style.PostsMembers) return;
        }
        await ChangeMembersAsync(group, members, [], cancellationToken);
    }

    public async Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        if (style.PutsGroups) await PutAsync(group, [.. group.Members], cancellationToken);
        else await PatchAsync(group, RfcShapes.NamePatch(group), cancellationToken);
    }

    public async Task ChangeMembersAsync(
        TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken)
    {
        TenantUser[] members = [.. group.Members.Union(add).Except(remove)];
        if (style.PutsGroups) await PutAsync(group, members, cancellationToken);
        else if (await PatchAsync(group, RfcShapes.MembersPatch(add, remove), cancellationToken)) group.SetMembers(members);
    }

    public Task RemoveGroupAsync(TenantGroup group, CancellationToken cancellationToken) => groups.DeleteAsync(group, cancellationToken);

    private async Task ActivateAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (!style.PatchesActive)
        {
            if (await PutAsync(user, true, cancellationToken)) await RejoinAsync(user, cancellationToken);
            return;
        }
        if (await users.WriteAsync(user, HttpMethod.Patch, RfcShapes.ActivePatch(true), UserWrite.PatchActive(true), cancellationToken))
            await UpdateProfileAsync(user, cancellationToken);
    }

    private async Task DeactivateAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = false;
        if (style.LeavesGroupsFirst) await LeaveAsync(user, cancellationToken);
        if (style.PatchesActive) await users.WriteAsync(user, HttpMethod.Patch, RfcShapes.ActivePatch(false), UserWrite.PatchActive(false), cancellationToken);
        else await PutAsync(user, false, cancellationToken);
    }

    private async Task LeaveAsync(TenantUser user, CancellationToken cancellationToken)
    {
        foreach (var group in user.Groups().Where(group => group.Standing is { Visible: true }))
            if (await PatchAsync(group, RfcShapes.MembersPatch([], [user]), cancellationToken)) group.Leave([user]);
    }

    /// <summary>Whoever was taken out of the groups at the suspension is put back.</summary>
    private async Task RejoinAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (!style.LeavesGroupsFirst || !user.Active) return;
        foreach (var group in user.TeamOf.Where(group => group.Standing is { Visible: true }))
            if (await PatchAsync(group, RfcShapes.MembersPatch([user], []), cancellationToken)) group.Join([user]);
    }

    private Task<bool> PutAsync(TenantUser user, bool active, CancellationToken cancellationToken) =>
        users.WriteAsync(user, HttpMethod.Put, RfcShapes.User(user, active), UserWrite.Put(active, user.Changed), cancellationToken);

    private async Task PutAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        var body = RfcShapes.Group(group, members);
        body["id"] = ProviderExpectations.ScimId(group);
        if (await groups.WriteAsync(group, HttpMethod.Put, body, [HttpStatusCode.OK], cancellationToken)) group.SetMembers(members);
    }

    private Task<bool> PatchAsync(TenantGroup group, JsonObject patch, CancellationToken cancellationToken) =>
        groups.WriteAsync(group, HttpMethod.Patch, patch, [HttpStatusCode.NoContent, HttpStatusCode.OK], cancellationToken);

    public void Dispose() => Wire.Dispose();
}
