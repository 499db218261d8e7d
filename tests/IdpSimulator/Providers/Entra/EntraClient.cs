using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Entra;

/// <summary>
/// Microsoft Entra ID. It matches by a filter, creates what it does not find, reads by id before it changes, sends only
/// deltas, never reads membership back, and disables rather than deletes.
/// </summary>
public sealed class EntraClient(Uri baseUrl, string token, EntraDialect dialect, Recorder recorder) : IProvisioningClient
{
    public ScimWire Wire { get; } = new(baseUrl, token, dialect.Wire(), recorder);

    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>A user that cannot exist: 200 and an empty list. A 404 here can lead to quarantine.</summary>
    public async Task TestConnectionAsync(CancellationToken cancellationToken)
    {
        var answer = await Wire.GetAsync("Users?" + ScimFilter.Eq("userName", NewId()), cancellationToken);
        if (answer.Found.Count != 0) throw new UnexpectedAnswerException("an empty list for a userName that cannot exist", "a user");
    }

    public async Task AssignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var found = await Wire.GetAsync("Users?" + ScimFilter.Eq("userName", user.UserName), cancellationToken);
        if (found.Found is [var existing, ..])
        {
            user.ScimId = existing["id"]!.GetValue<string>();
            await SetActiveAsync(user, true, cancellationToken);
            await PatchUserAsync(user, EntraPatches.Profile(dialect, user), cancellationToken);
            return;
        }
        var created = await Wire.SendAsync(HttpMethod.Post, "Users", EntraShapes.CreateUser(user), HttpStatusCode.Created, cancellationToken);
        user.ScimId = Expect.Created(created);
        Expect.Active(created.Resource, true);
        user.Active = true;
    }

    public async Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await ReadUserAsync(user, cancellationToken);
        await PatchUserAsync(user, EntraPatches.Profile(dialect, user), cancellationToken);
    }

    public async Task UnassignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await ReadUserAsync(user, cancellationToken);
        await SetActiveAsync(user, false, cancellationToken);
    }

    public async Task ReassignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await ReadUserAsync(user, cancellationToken);
        await SetActiveAsync(user, true, cancellationToken);
    }

    public async Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        var found = await Wire.GetAsync("Groups?excludedAttributes=members&" + ScimFilter.Eq("displayName", group.DisplayName), cancellationToken);
        group.ScimId = found.Found is [var existing, ..]
            ? existing["id"]!.GetValue<string>()
            : Expect.Created(await Wire.SendAsync(HttpMethod.Post, "Groups", EntraShapes.CreateGroup(group), HttpStatusCode.Created, cancellationToken));
        await ChangeMembersAsync(group, members, [], cancellationToken);
    }

    public async Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        await ReadGroupAsync(group, cancellationToken);
        await PatchGroupAsync(group, EntraPatches.GroupName(dialect, group), cancellationToken);
    }

    public async Task ChangeMembersAsync(
        TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken)
    {
        await ReadGroupAsync(group, cancellationToken);
        if (add.Count > 0) await PatchGroupAsync(group, EntraPatches.AddMembers(dialect, add), cancellationToken);
        group.Members.UnionWith(add);
        if (remove.Count > 0) await PatchGroupAsync(group, EntraPatches.RemoveMembers(dialect, remove), cancellationToken);
        group.Members.ExceptWith(remove);
    }

    private Task<ScimAnswer> ReadUserAsync(TenantUser user, CancellationToken cancellationToken) =>
        Wire.GetAsync($"Users/{Expect.ScimId(user)}", cancellationToken);

    private Task<ScimAnswer> ReadGroupAsync(TenantGroup group, CancellationToken cancellationToken) =>
        Wire.GetAsync($"Groups/{Expect.ScimId(group)}?excludedAttributes=members", cancellationToken);

    private async Task SetActiveAsync(TenantUser user, bool active, CancellationToken cancellationToken)
    {
        var answer = await PatchUserAsync(user, EntraPatches.Active(dialect, active), cancellationToken);
        Expect.Active(answer.Resource, active);
        user.Active = active;
    }

    private Task<ScimAnswer> PatchUserAsync(TenantUser user, JsonObject patch, CancellationToken cancellationToken) =>
        Wire.SendAsync(HttpMethod.Patch, $"Users/{Expect.ScimId(user)}", patch, HttpStatusCode.OK, cancellationToken);

    private Task<ScimAnswer> PatchGroupAsync(TenantGroup group, JsonObject patch, CancellationToken cancellationToken) =>
        Wire.SendAsync(HttpMethod.Patch, $"Groups/{Expect.ScimId(group)}", patch, HttpStatusCode.NoContent, cancellationToken);

    public void Dispose() => Wire.Dispose();
}
