using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers;

/// <summary>Single requests about groups, each with the answer that the documents promise for where the group stands.</summary>
internal sealed class GroupTraffic(ScimWire wire)
{
    private static bool Visible(TenantGroup group) => group.Standing is { Visible: true };

    public async Task<JsonObject?> FindAsync(TenantGroup group, string query, CancellationToken cancellationToken)
    {
        var found = (await wire.GetAsync("Groups?" + query, cancellationToken)).Found;
        if (group.Standing is null && found is [var stranger])
        {
            // Of an earlier run under the same names.
            group.ScimId = stranger["id"]!.ToString();
            group.Standing = new ExpectedGroupState();
            return stranger;
        }
        return (found, Visible(group)) switch
        {
            ([], false) => null,
            ([var only], true) when only["id"]?.ToString() == group.ScimId => only,
            (_, true) => throw new UnexpectedAnswerException($"group {group.ScimId} to be found by its name", $"{found.Count} groups"),
            (_, false) => throw new UnexpectedAnswerException("no group of that name", $"{found.Count}"),
        };
    }

    /// <summary>By id; null for one that the console deleted or that was removed (404, as it must be).</summary>
    public async Task<JsonObject?> ReadAsync(TenantGroup group, string query, CancellationToken cancellationToken)
    {
        var answer = await wire.SendAsync(HttpMethod.Get, Target(group) + query, null, Visible(group) ? HttpStatusCode.OK : HttpStatusCode.NotFound, cancellationToken);
        return Visible(group) ? answer.Resource : null;
    }

    /// <summary>A POST that must be accepted: a group that was there before comes back with a new id and these members only.</summary>
    public async Task CreateAsync(TenantGroup group, JsonObject body, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken)
    {
        var id = ProviderExpectations.Created(await wire.SendAsync(HttpMethod.Post, "Groups", body, HttpStatusCode.Created, cancellationToken));
        if (id == group.ScimId) throw new UnexpectedAnswerException("a new SCIM id for a group that is pushed again", "the old one");
        group.ScimId = id;
        group.Standing = ExpectedGroupState.Posted(group.Standing);
        group.SetMembers(members);
    }

    /// <returns>Whether it had to be accepted.</returns>
    public async Task<bool> WriteAsync(
        TenantGroup group, HttpMethod method, JsonObject body, HttpStatusCode[] accepted, CancellationToken cancellationToken)
    {
        await wire.SendAsync(method, Target(group), body, Visible(group) ? accepted : [HttpStatusCode.NotFound], cancellationToken);
        return Visible(group);
    }

    public async Task DeleteAsync(TenantGroup group, CancellationToken cancellationToken)
    {
        var gone = group.Standing is { Removed: true };
        await wire.SendAsync(HttpMethod.Delete, Target(group), null, gone ? HttpStatusCode.NotFound : HttpStatusCode.NoContent, cancellationToken);
        group.Standing = group.Standing! with { ConsoleDeleted = false, Removed = true };
    }

    private static string Target(TenantGroup group) => $"Groups/{ProviderExpectations.ScimId(group)}";
}
