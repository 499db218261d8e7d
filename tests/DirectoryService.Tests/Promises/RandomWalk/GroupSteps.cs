using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>One random action on groups each, by the IdP or an admin, checked against the model's answer.</summary>
internal sealed class GroupSteps(RandomWalkRunner walker, ModelGroups groups, ModelUsers users)
{
    private const int Population = 3;

    private readonly List<Guid> retired = [Guid.NewGuid()];

    internal async Task OneAsync()
    {
        if (groups.All.Count < Population) await PostAsync();
        else await (walker.Dice(100) switch
        {
            < 15 => PostAsync(),
            < 28 => PutAsync(),
            < 55 => PatchMembersAsync(),
            < 60 => RenameAsync(),
            < 65 => DeleteAsync(),
            < 68 => LookUpAsync(),
            < 70 => MissAsync(),
            _ => ConsoleAsync(),
        });
    }

    private ModelGroup Anyone()
    {
        var shown = groups.Shown.ToList();
        return shown.Count > 0 && !walker.Chance(20) ? walker.Pick(shown) : walker.Pick(groups.All);
    }

    private string AnyName() => walker.Chance(20) ? $"GROUP {walker.Dice(Population)}" : $"Group {walker.Dice(Population)}";
    private static JsonArray Values(IEnumerable<Guid> ids) => new([.. ids.Select(id => new JsonObject { ["value"] = id.ToString() })]);

    /// <summary>Users of any kind: removed ones are skipped, disabled ones accepted.</summary>
    private List<ModelUser> Members(int percent) => walker.Some(users.Shown.Concat(users.All.Where(user => user.Gone).TakeLast(2)), percent);

    private async Task PostAsync()
    {
        var name = AnyName();
        var externalId = walker.Dice(4) switch { 0 => null, 1 => $"other{name[^1]}", _ => $"ext{name[^1]}" };
        var members = walker.Chance(50) ? Members(40) : [];
        var (predicted, back, group) = groups.Posts(name, externalId, members);
        var body = new JsonObject { ["displayName"] = name, ["members"] = Values(members.Select(user => user.ScimId)) };
        if (externalId is not null) body["externalId"] = externalId;
        var answer = await walker.SendAsync("POST", "/Groups", body.ToJsonString(), predicted);
        if (group is null) return;
        Assert.NotEqual(group.ScimId, answer.Id);
        if (back) retired.Add(group.ScimId);
        group.ScimId = answer.Id;
        var id = await walker.InternalIdAsync("groups", answer.Id);
        if (back) Assert.Equal(group.Id, id);
        else Assert.DoesNotContain(groups.All, other => other.Id == id);
        group.Id = id;
        Shows(group, answer);
    }

    private static void Shows(ModelGroup group, Answer answer) => Assert.Equal(
        group.Members.Select(user => user.ScimId).Order(),
        (answer.Body!["members"] as JsonArray ?? []).Select(member => Guid.Parse(member!["value"]!.GetValue<string>())).Order());

    private async Task PutAsync()
    {
        var group = Anyone();
        var name = walker.Chance(15) ? AnyName() : group.Name;
        var members = Members(40);
        var known = !walker.Chance(5);
        var body = new JsonObject { ["displayName"] = name, ["members"] = Values(members.Select(user => user.ScimId).Concat(known ? [] : [Guid.NewGuid()])) };
        if (group.ExternalId is not null) body["externalId"] = group.ExternalId;
        var answer = await walker.SendAsync("PUT", $"/Groups/{group.ScimId}", body.ToJsonString(), groups.Writes(group, name, members, known, 200));
        if ((int)answer.Status == 200) Shows(group, answer);
    }

    private Task<Answer> PatchMembersAsync()
    {
        var (group, asked) = (Anyone(), Members(40));
        if (asked.Count == 0) asked = [walker.Pick(users.All)];
        var ids = asked.Select(user => user.ScimId).ToList();
        return walker.Dice(5) switch
        {
            0 => PatchAsync(group, group.Members.Except(asked), true, $$"""{"op":"Remove","path":"members","value":{{Values(ids).ToJsonString()}}}"""),
            1 => PatchAsync(group, group.Members.Except(asked), true,
                string.Join(',', ids.Select(id => $$"""{"op":"remove","path":"members[value eq \"{{id}}\"]"}"""))),
            2 => PatchAsync(group, asked, true, $$"""{"op":"replace","path":"members","value":{{Values(ids).ToJsonString()}}}"""),
            3 when walker.Chance(20) => PatchAsync(group, [], false, $$"""{"op":"add","path":"members","value":{{Values([.. ids, Guid.NewGuid()]).ToJsonString()}}}"""),
            _ => PatchAsync(group, group.Members.Union(asked), true, $$"""{"op":"Add","path":"members","value":{{Values(ids).ToJsonString()}}}"""),
        };
    }

    private Task<Answer> PatchAsync(ModelGroup group, IEnumerable<ModelUser> after, bool known, string operations, string? name = null) =>
        walker.SendAsync("PATCH", $"/Groups/{group.ScimId}",
            $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""",
            groups.Writes(group, name ?? group.Name, [.. after], known, 204));

    private Task<Answer> RenameAsync()
    {
        var (group, name) = (Anyone(), AnyName());
        return PatchAsync(group, group.Members, true, $$$"""{"op":"replace","value":{"id":"{{{group.ScimId}}}","displayName":"{{{name}}}"}}""", name);
    }

    private async Task DeleteAsync()
    {
        var group = Anyone();
        await walker.SendAsync("DELETE", $"/Groups/{group.ScimId}", null, ModelGroups.Deletes(group, walker.Step));
    }

    private async Task LookUpAsync()
    {
        var name = AnyName();
        var found = groups.Shown.Where(group => group.IsNamed(name)).Select(group => group.ScimId);
        var answer = await walker.SendAsync("GET", $"/Groups?filter={Uri.EscapeDataString($"displayName eq \"{name}\"")}&excludedAttributes=members", null, new(200));
        Assert.Equal(found, (answer.Body!["Resources"] as JsonArray ?? []).Select(shown => Guid.Parse(shown!["id"]!.GetValue<string>())));
    }

    private async Task MissAsync()
    {
        var gone = groups.All.Where(group => !group.Shown).Select(group => group.ScimId);
        await walker.SendAsync("GET", $"/Groups/{walker.Pick([.. retired, .. gone])}", null, new(404));
    }

    private async Task ConsoleAsync()
    {
        var (group, action) = (Anyone(), walker.Pick(RandomWalkRunner.Actions));
        var changes = groups.Console(group, action, walker.Step);
        await walker.ActAsync("groups", group.Id, action, changes, group.Status);
    }
}
