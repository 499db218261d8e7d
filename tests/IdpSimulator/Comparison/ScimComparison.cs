using System.Net;
using System.Text.Json.Nodes;
using IdpSimulator.Stories.Playing;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Comparison;

/// <summary>What SCIM says of a whole directory: users from its pages, groups one by one, and that what is gone is gone.</summary>
internal static class ScimComparison
{
    private const int PageSize = 200;

    public static async Task<IReadOnlyList<Difference>> CompareAsync(StoryContext scene, CancellationToken cancellationToken)
    {
        var wire = scene.Client.Wire;
        var listed = await ListAsync(wire, cancellationToken);
        var differences = new List<Difference>();
        foreach (var user in scene.Tenant.Users.Where(user => user.Standing is not null))
        {
            var found = listed.Remove(user.ScimId!, out var resource);
            if (user.Standing!.Removed && found) differences.Add(new($"user {user.ScimId}", "presence", "it removed", "it is there"));
            else if (!user.Standing.Removed && !found) differences.Add(new($"user {user.ScimId}", "presence", "it is there", null));
            else if (found) differences.AddRange(TenantComparison.Of(user, resource!));
        }
        differences.AddRange(listed.Keys.Select(id => new Difference($"user {id}", "presence", null, "it is there")));
        var groups = scene.Tenant.Groups.Where(group => group.Standing is not null).ToList();
        var compared = await scene.Crowd.SelectAsync(groups, (group, ct) => OfAsync(group, wire, ct), cancellationToken);
        return [.. differences, .. compared.SelectMany(found => found)];
    }

    private static async Task<IEnumerable<Difference>> OfAsync(TenantGroup group, ScimWire wire, CancellationToken cancellationToken)
    {
        var answer = await wire.SendAsync(HttpMethod.Get, $"Groups/{group.ScimId}", null, [HttpStatusCode.OK, HttpStatusCode.NotFound], cancellationToken);
        return (answer.Status, group.Standing!.Visible) switch
        {
            (HttpStatusCode.OK, true) => TenantComparison.Of(group, answer.Resource),
            (HttpStatusCode.NotFound, false) => [],
            (HttpStatusCode.OK, false) => [new Difference($"group {group.ScimId}", "presence", $"it is {group.Standing.Status}", "it is there")],
            _ => [new Difference($"group {group.ScimId}", "presence", "it is there", null)],
        };
    }

    private static async Task<Dictionary<string, JsonObject>> ListAsync(ScimWire wire, CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var start = 1; ; start += PageSize)
        {
            var page = await wire.GetAsync($"Users?startIndex={start}&count={PageSize}", cancellationToken);
            foreach (var user in page.Found) users[user["id"]!.ToString()] = user;
            if (start + PageSize > page.Resource["totalResults"]!.GetValue<int>()) return users;
        }
    }
}
