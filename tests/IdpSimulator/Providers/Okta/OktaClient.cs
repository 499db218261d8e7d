using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Okta;

/// <summary>
/// Okta. It reads before it writes, writes whole resources back, looks a user up by name at every assignment, and never
/// deletes a user.
/// </summary>
public sealed class OktaClient(Uri baseUrl, string token, OktaAppKind kind, Recorder recorder) : IProvisioningClient
{
    private static readonly ScimDialect Dialect = new("Okta SCIM Client 1.0.0", new MediaTypeHeaderValue("application/scim+json", "utf-8"));

    public ScimWire Wire { get; } = new(baseUrl, token, Dialect, recorder);

    /// <summary>Okta's ids: 20 letters and digits that begin with the kind.</summary>
    public static string NewId() => "00u" + Guid.NewGuid().ToString("N")[..17];

    public async Task TestConnectionAsync(CancellationToken cancellationToken) =>
        _ = (await Wire.GetAsync("Users?startIndex=1&count=2", cancellationToken)).Found;

    public async Task AssignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is { } id)
        {
            user.ScimId = id;
            await ActivateAsync(user, cancellationToken);
            return;
        }
        var created = await Wire.SendAsync(HttpMethod.Post, "Users", OktaShapes.CreateUser(user), HttpStatusCode.Created, cancellationToken);
        user.ScimId = Expect.Created(created);
        Expect.Active(created.Resource, true);
        user.Active = true;
    }

    public async Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var read = await ReadUserAsync(user, cancellationToken);
        await PutUserAsync(user, OktaShapes.Merge(read, user), cancellationToken);
    }

    public async Task UnassignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var read = await ReadUserAsync(user, cancellationToken);
        await SetActiveAsync(user, read, false, cancellationToken);
    }

    public async Task ReassignAsync(TenantUser user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is not { } id)
            throw new UnexpectedAnswerException("an unassigned user to be found by its userName", "none");
        if (id != user.ScimId) throw new UnexpectedAnswerException("the user under its SCIM id", "another id");
        await ActivateAsync(user, cancellationToken);
    }

    public async Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        var found = await Wire.GetAsync("Groups?" + ScimFilter.Eq("displayName", group.DisplayName) + "&startIndex=1&count=100", cancellationToken);
        group.ScimId = found.Found is [var existing, ..]
            ? existing["id"]!.GetValue<string>()
            : Expect.Created(await Wire.SendAsync(HttpMethod.Post, "Groups", OktaShapes.Group(group, members), HttpStatusCode.Created, cancellationToken));
        await PutGroupAsync(group, members, cancellationToken);
        group.Members.Clear();
        group.Members.UnionWith(members);
    }

    public async Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        if (kind == OktaAppKind.Put) await PutGroupAsync(group, group.Members, cancellationToken);
        else await PatchGroupAsync(group, OktaShapes.NamePatch(group), cancellationToken);
    }

    public async Task ChangeMembersAsync(
        TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken)
    {
        TenantUser[] members = [.. group.Members.Union(add).Except(remove)];
        if (kind == OktaAppKind.Put) await PutGroupAsync(group, members, cancellationToken);
        else await PatchGroupAsync(group, OktaShapes.MembersPatch(add, remove), cancellationToken);
        group.Members.Clear();
        group.Members.UnionWith(members);
    }

    private async Task<string?> FindAsync(TenantUser user, CancellationToken cancellationToken)
    {
        var found = await Wire.GetAsync("Users?" + ScimFilter.Eq("userName", user.UserName) + "&startIndex=1&count=100", cancellationToken);
        return found.Found is [var existing, ..] ? existing["id"]!.GetValue<string>() : null;
    }

    /// <summary>Activation first, then the profile, each on a fresh read.</summary>
    private async Task ActivateAsync(TenantUser user, CancellationToken cancellationToken)
    {
        await SetActiveAsync(user, await ReadUserAsync(user, cancellationToken), true, cancellationToken);
        await UpdateProfileAsync(user, cancellationToken);
    }

    private async Task SetActiveAsync(TenantUser user, JsonObject read, bool active, CancellationToken cancellationToken)
    {
        var answer = kind == OktaAppKind.Put
            ? await PutUserAsync(user, OktaShapes.WithActive(read, active), cancellationToken)
            : await Wire.SendAsync(HttpMethod.Patch, $"Users/{Expect.ScimId(user)}", OktaShapes.ActivePatch(active), HttpStatusCode.OK, cancellationToken);
        Expect.Active(answer.Resource, active);
        user.Active = active;
    }

    private async Task<JsonObject> ReadUserAsync(TenantUser user, CancellationToken cancellationToken) =>
        (await Wire.GetAsync($"Users/{Expect.ScimId(user)}", cancellationToken)).Resource;

    private Task<ScimAnswer> PutUserAsync(TenantUser user, JsonObject body, CancellationToken cancellationToken) =>
        Wire.SendAsync(HttpMethod.Put, $"Users/{Expect.ScimId(user)}", body, HttpStatusCode.OK, cancellationToken);

    private async Task PutGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        var id = Expect.ScimId(group);
        await Wire.GetAsync($"Groups/{id}", cancellationToken);
        var body = OktaShapes.Group(group, members);
        body["id"] = id;
        await Wire.SendAsync(HttpMethod.Put, $"Groups/{id}", body, HttpStatusCode.OK, cancellationToken);
    }

    private Task<ScimAnswer> PatchGroupAsync(TenantGroup group, JsonObject patch, CancellationToken cancellationToken) =>
        Wire.SendAsync(HttpMethod.Patch, $"Groups/{Expect.ScimId(group)}", patch, [HttpStatusCode.NoContent, HttpStatusCode.OK], cancellationToken);

    public void Dispose() => Wire.Dispose();
}
