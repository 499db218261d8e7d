using IdpSimulator.AdminConsole;
using IdpSimulator.Stories.Playing;
using IdpSimulator.Tenants;

namespace IdpSimulator.Comparison;

/// <summary>What the console says of a whole directory: the status of every user and group, under ids that stay.</summary>
internal static class ConsoleComparison
{
    private const string Console = "the console";

    public static async Task<IReadOnlyList<Difference>> CompareAsync(StoryContext scene, CancellationToken cancellationToken) =>
    [
        .. Of(scene.Tenant, await scene.Console.UsersAsync(scene.Directory, cancellationToken)),
        .. Of(scene.Tenant, await scene.Console.GroupsAsync(scene.Directory, cancellationToken)),
    ];

    internal static IEnumerable<Difference> Of(Tenant tenant, IEnumerable<ConsoleUser> rows)
    {
        var byScimId = rows.ToDictionary(row => row.ScimId.ToString(), StringComparer.Ordinal);
        return tenant.Users.Where(user => user.Standing is not null).SelectMany(user =>
            Row($"user {user.ScimId}", user.InternalId, user.Standing!.Status, byScimId.GetValueOrDefault(user.ScimId!) is { } row ? (row.Id, row.Status) : null));
    }

    internal static IEnumerable<Difference> Of(Tenant tenant, IEnumerable<ConsoleGroup> rows)
    {
        var byScimId = rows.ToDictionary(row => row.ScimId.ToString(), StringComparer.Ordinal);
        return tenant.Groups.Where(group => group.Standing is not null).SelectMany(group =>
            Row($"group {group.ScimId}", group.InternalId, group.Standing!.Status, byScimId.GetValueOrDefault(group.ScimId!) is { } row ? (row.Id, row.Status) : null));
    }

    private static List<Difference> Row(string resource, Guid? id, string status, (Guid Id, string Status)? row)
    {
        if (row is not { } shown) return [new Difference(resource, "status", status, null, Console)];
        var differences = new List<Difference>();
        if (shown.Status != status) differences.Add(new(resource, "status", status, shown.Status, Console));
        if (id is { } before && before != shown.Id) differences.Add(new(resource, "internal id", before.ToString(), shown.Id.ToString(), Console));
        return differences;
    }
}
