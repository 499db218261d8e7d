using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Promises.RandomWalk;

/// <summary>One random action on users each, by the IdP or an admin, checked against the model's answer.</summary>
internal sealed class UserSteps(RandomWalkRunner walker, ModelUsers users)
{
    private const int Population = 6;

    /// <summary>SCIM ids of earlier incarnations, and of nobody: 404 whatever is done to them.</summary>
    private readonly List<Guid> retired = [Guid.NewGuid()];

    internal async Task OneAsync()
    {
        if (users.All.Count < Population) await PostAsync();
        else await (walker.Dice(100) switch
        {
            < 15 => PostAsync(),
            < 30 => PutAsync(),
            < 50 => PatchActiveAsync(),
            < 58 => PatchProfileAsync(),
            < 61 => DeleteAsync(),
            < 69 => LookUpAsync(),
            < 71 => MissAsync(),
            _ => ConsoleAsync(),
        });
    }

    /// <summary>Mostly one whom SCIM shows; now and then a removed one.</summary>
    private ModelUser Anyone()
    {
        var shown = users.Shown.ToList();
        return shown.Count > 0 && !walker.Chance(10) ? walker.Pick(shown) : walker.Pick(users.All);
    }

    private string NewName() => $"Name {walker.Step}";
    private static string Json(params (string Name, JsonNode? Value)[] members) =>
        new JsonObject(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value))).ToJsonString();

    private async Task PostAsync()
    {
        var number = walker.Dice(Population);
        var userName = walker.Chance(20) ? $"USER{number}@example.com" : $"user{number}@example.com";
        var externalId = walker.Dice(10) switch { 0 => null, 1 or 2 => $"other{number}", _ => $"ext{number}" };
        bool? active = walker.Dice(5) switch { 0 => false, 1 => null, _ => true };
        var (predicted, arrival, user) = users.Posts(userName, externalId, NewName(), active ?? true, walker.Step);
        var before = user?.ScimId;
        var answer = await walker.SendAsync("POST", "/Users",
            Json(("userName", userName), ("externalId", externalId), ("displayName", NewName()), ("active", active)), predicted);
        if (user is null) return;
        Assert.Equal(user.Active, answer.Active);
        Assert.Equal(arrival == ModelUsers.CreateOutcome.Same, answer.Id == before);
        if (arrival == ModelUsers.CreateOutcome.Revived) retired.Add(user.ScimId);
        user.ScimId = answer.Id;
        var id = await walker.InternalIdAsync("users", answer.Id);
        if (arrival != ModelUsers.CreateOutcome.New) Assert.Equal(user.Id, id);
        else Assert.DoesNotContain(users.All, other => other.Id == id);
        user.Id = id;
    }

    private async Task PutAsync()
    {
        var user = Anyone();
        var userName = walker.Dice(12) switch { 0 => $"user{walker.Dice(Population)}@example.com", 1 => user.UserName.ToUpperInvariant(), _ => user.UserName };
        var displayName = walker.Chance(50) ? NewName() : user.DisplayName;
        bool? active = walker.Dice(7) switch { 0 => null, < 4 => false, _ => true };
        var predicted = users.Writes(user, new(userName, user.ExternalId, displayName, active, IsPatch: false, NamesMore: true));
        await ShowsAsync(user, "PUT", Json(("userName", userName), ("externalId", user.ExternalId), ("displayName", displayName), ("active", active)), predicted);
    }

    /// <summary>In the words of Entra ID with and without its flag, and of Okta.</summary>
    private Task PatchActiveAsync()
    {
        var (user, active) = (Anyone(), walker.Chance(55));
        var words = active ? "true" : "false";
        var operation = walker.Dice(3) switch
        {
            0 => $$"""{"op":"Replace","path":"active","value":"{{(active ? "True" : "False")}}"}""",
            1 => $$"""{"op":"replace","path":"active","value":{{words}}}""",
            _ => $$$"""{"op":"replace","value":{"active":{{{words}}}}}""",
        };
        return PatchAsync(user, new(user.UserName, user.ExternalId, user.DisplayName, active, IsPatch: true, NamesMore: false), operation);
    }

    private Task PatchProfileAsync()
    {
        var user = Anyone();
        bool? active = walker.Dice(3) switch { 0 => true, 1 => false, _ => null };
        var operation = $$"""{"op":"Add","path":"displayName","value":"{{NewName()}}"}""";
        if (active is { } said) operation += $$""", {"op":"replace","path":"active","value":{{(said ? "true" : "false")}}}""";
        return PatchAsync(user, new(user.UserName, user.ExternalId, NewName(), active, IsPatch: true, NamesMore: true), operation);
    }

    private Task PatchAsync(ModelUser user, ModelUsers.Write write, string operations) => ShowsAsync(user, "PATCH",
        $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""", users.Writes(user, write));

    private async Task ShowsAsync(ModelUser user, string method, string json, PredictedOutcome predicted)
    {
        var answer = await walker.SendAsync(method, $"/Users/{user.ScimId}", json, predicted);
        if (predicted.Status != 200) return;
        Assert.Equal(user.Active, answer.Active);
        Assert.Equal(user.ScimId, answer.Id);
        Assert.Equal(user.DisplayName, answer.Body!["displayName"]!.GetValue<string>());
    }

    private async Task DeleteAsync()
    {
        var user = Anyone();
        await walker.SendAsync("DELETE", $"/Users/{user.ScimId}", null, users.Deletes(user, walker.Step));
    }

    private async Task LookUpAsync()
    {
        var user = walker.Pick(users.All);
        var byName = user.ExternalId is null || walker.Chance(70);
        var found = users.LooksUp(other => byName ? other.IsNamed(user.UserName) : other.ExternalId == user.ExternalId);
        var filter = byName ? $"userName eq \"{user.UserName}\"" : $"externalId eq \"{user.ExternalId}\"";
        var answer = await walker.SendAsync("GET", $"/Users?filter={Uri.EscapeDataString(filter)}&startIndex=1&count=100", null, new(200));
        Assert.Equal(found.Count, answer.Total);
        Assert.Equal(found.Select(other => (other.ScimId, other.Active)).Order(),
            answer.Body!["Resources"]!.AsArray().Select(shown => (Guid.Parse(shown!["id"]!.GetValue<string>()), shown["active"]!.GetValue<bool>())).Order());
    }

    private async Task MissAsync()
    {
        var path = $"/Users/{walker.Pick(retired)}";
        var (method, json) = walker.Dice(3) switch
        {
            0 => ("GET", null),
            1 => ("DELETE", null),
            _ => ("PUT", Json(("userName", "nobody@example.com"), ("active", true))),
        };
        await walker.SendAsync(method, path, json, new(404));
    }

    private async Task ConsoleAsync()
    {
        var (user, action) = (Anyone(), walker.Pick(RandomWalkRunner.Actions));
        var changes = users.Console(user, action, walker.Step);
        await walker.ActAsync("users", user.Id, action, changes, user.Status);
    }
}
