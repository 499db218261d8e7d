using System.Globalization;
using Bench.Running;

namespace Bench.Loading;

/// <summary>Users and groups that an identity provider brings by SCIM, so that license and policy service hear of them.</summary>
/// <param name="prefix">Names begin with it.</param>
internal sealed class SyncedTenant(ScimRequests scim, string prefix, int connections)
{
    /// <summary>SCIM ids by number.</summary>
    internal Guid[] Users { get; private set; } = [];

    internal Guid[] Groups { get; private set; } = [];

    internal async Task AddUsersAsync(int count, CancellationToken cancellationToken) =>
        Users = await ManyAsync(count, n => scim.PostAsync("/Users", Person.Body($"{Name(n)}@bench.example", Name(n)), cancellationToken), cancellationToken);

    /// <summary>As Entra ID does: the group without members, then its members.</summary>
    /// <param name="members">Numbers of users by the number of a group.</param>
    internal async Task AddGroupsAsync(int count, Func<int, IEnumerable<int>> members, CancellationToken cancellationToken)
    {
        Groups = await ManyAsync(count, n => scim.PostAsync("/Groups",
            $$"""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{{Name(n)}}","externalId":"{{Name(n)}}"}""", cancellationToken), cancellationToken);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Options(cancellationToken), async (n, cancel) =>
        {
            var values = string.Join(',', members(n).Select(user => $$"""{"$ref":null,"value":"{{Users[user]}}"}"""));
            await scim.MeasureAsync(HttpMethod.Patch, $"/Groups/{Groups[n]}", GeneratedUsers.Patch($$"""{"op":"Add","path":"members","value":[{{values}}]}"""),
                System.Net.HttpStatusCode.NoContent, cancel);
        });
    }

    /// <summary>In Entra ID's words.</summary>
    internal Task DisableAsync(Guid user, CancellationToken cancellationToken) => scim.MeasureAsync(
        HttpMethod.Patch, $"/Users/{user}", GeneratedUsers.Patch("""{"op":"Replace","path":"active","value":"False"}"""), System.Net.HttpStatusCode.OK, cancellationToken);

    private async Task<Guid[]> ManyAsync(int count, Func<int, Task<System.Text.Json.Nodes.JsonObject>> post, CancellationToken cancellationToken)
    {
        var ids = new Guid[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Options(cancellationToken), async (n, _) => ids[n] = (await post(n))["id"]!.GetValue<Guid>());
        return ids;
    }

    private ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = connections, CancellationToken = cancellationToken };

    private string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:000000}");
}
