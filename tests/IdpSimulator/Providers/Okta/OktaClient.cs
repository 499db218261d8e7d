using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Okta;

/// <summary>
/// Okta. It reads before it writes, writes whole resources back, looks a user up by name at every assignment, and never
/// deletes a user.
/// </summary>
public sealed class OktaClient : IProvisioningClient
{
    private static readonly ScimDialect Dialect = new("Okta SCIM Client 1.0.0", new MediaTypeHeaderValue("application/scim+json", "utf-8"));

    private readonly OktaAppKind kind;
    private readonly UserTraffic users;
    private readonly GroupTraffic groups;

    public OktaClient(Uri baseUrl, string token, OktaAppKind kind, Recorder recorder, Pace? pace = null)
    {
        this.kind = kind;
        Wire = new(baseUrl, token, Dialect, recorder, pace);
        users = new(Wire, Rule);
        groups = new(Wire);
    }

    public ScimWire Wire { get; }

    public DirectoryRule Rule => DirectoryRule.Okta;

    /// <summary>Okta's ids: 20 letters and digits that begin with the kind.</summary>
    public static string NewId() => "00u" + Guid.NewGuid().ToString("N")[..17];

    public async Task TestConnectionAsync(CancellationToken cancellationToken) =>
        _ = (await Wire.GetAsync("Users?startIndex=1&count=2", cancellationToken)).Found;

    public async Task AssignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = true;
        if (await FindAsync(user, cancellationToken) is null) await users.CreateAsync(user, OktaShapes.CreateUser(user), cancellationToken);
        else await ActivateAsync(user, cancellationToken);
    }

    /// <summary>Read, then PUT with Okta's data laid over it. It fails, and is dropped, for a user that is gone.</summary>
    public async Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (await users.ReadAsync(user, cancellationToken) is not { } read) return;
        var body = OktaShapes.Merge(read, user);
        var write = UserWrite.Put(read["active"]?.GetValue<bool>(), changes: !JsonNode.DeepEquals(read, body));
        if (await users.WriteAsync(user, HttpMethod.Put, body, write, cancellationToken)) user.Changed = false;
    }

    public async Task UnassignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        user.Wanted = false;
        if (await users.ReadAsync(user, cancellationToken) is { } read) await SetActiveAsync(user, read, false, cancellationToken);
    }

    public Task ReassignAsync(TenantUser user, CancellationToken cancellationToken) => AssignAsync(user, cancellationToken);

    /// <summary>A suspended user keeps its apps: nothing is sent (as far as the vendor documents).</summary>
    public Task SuspendAsync(TenantUser user, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ResumeAsync(TenantUser user, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Okta never deletes: a user that is deleted there was deactivated before.</summary>
    public Task DeleteAsync(TenantUser user, CancellationToken cancellationToken) => UnassignAsync(user, cancellationToken);

    public async Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(group, ScimFilter.Eq("displayName", group.DisplayName) + "&startIndex=1&count=100", cancellationToken) is null)
            await groups.CreateAsync(group, OktaShapes.Group(group, members), members, cancellationToken);
        await PutAsync(group, members, cancellationToken);
    }

    public async Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        if (kind == OktaAppKind.Put) await PutAsync(group, [.. group.Members], cancellationToken);
        else await PatchAsync(group, OktaShapes.NamePatch(group), cancellationToken);
    }

    public async Task ChangeMembersAsync(
        TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken)
    {
        TenantUser[] members = [.. group.Members.Union(add).Except(remove)];
        if (kind == OktaAppKind.Put) await PutAsync(group, members, cancellationToken);
        else if (await PatchAsync(group, OktaShapes.MembersPatch(add, remove), cancellationToken)) group.SetMembers(members);
    }

    /// <summary>"Delete the group in the target app", when it is unlinked.</summary>
    public Task RemoveGroupAsync(TenantGroup group, CancellationToken cancellationToken) => groups.DeleteAsync(group, cancellationToken);

    private Task<JsonObject?> FindAsync(TenantUser user, CancellationToken cancellationToken) =>
        users.FindAsync(user, ScimFilter.Eq("userName", user.UserName) + "&startIndex=1&count=100", cancellationToken);

    /// <summary>Activation first, then the profile, each on a fresh read. A refused activation ends it.</summary>
    private async Task ActivateAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var read = await users.ReadAsync(user, cancellationToken);
        if (await SetActiveAsync(user, read!, true, cancellationToken)) await UpdateProfileAsync(user, cancellationToken);
    }

    private Task<bool> SetActiveAsync(TenantUser user, JsonObject read, bool active, CancellationToken cancellationToken) => kind == OktaAppKind.Put
        ? users.WriteAsync(user, HttpMethod.Put, OktaShapes.WithActive(read, active), UserWrite.Put(active, changes: false), cancellationToken)
        : users.WriteAsync(user, HttpMethod.Patch, OktaShapes.ActivePatch(active), UserWrite.PatchActive(active), cancellationToken);

    private async Task PutAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        if (await groups.ReadAsync(group, "", cancellationToken) is null) return;
        var body = OktaShapes.Group(group, members);
        body["id"] = group.ScimId;
        if (await groups.WriteAsync(group, HttpMethod.Put, body, [HttpStatusCode.OK], cancellationToken)) group.SetMembers(members);
    }

    private Task<bool> PatchAsync(TenantGroup group, JsonObject patch, CancellationToken cancellationToken) =>
        groups.WriteAsync(group, HttpMethod.Patch, patch, [HttpStatusCode.NoContent, HttpStatusCode.OK], cancellationToken);

    public void Dispose() => Wire.Dispose();
}
