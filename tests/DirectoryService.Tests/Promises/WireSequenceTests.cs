using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Promises;

/// <summary>
/// Plays the files under <c>Wire/</c>: what an IdP sends, what an admin does in between, and what both must see. A file is
/// named after the promise that it shows (docs: idp-behaviour §1). A new bug of an IdP is a new file.
/// </summary>
public sealed class WireSequenceTests(DirectoryFixture fixture)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Promises", "Wire");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_sequence_holds(string file)
    {
        var script = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file + ".json")))!;
        var scim = await fixture.DirectoryAsync(script["provider"]!.GetValue<string>());
        using var admin = await fixture.AdminAsync();
        var player = new SequencePlayer(fixture, scim, admin);
        foreach (var (step, index) in script["steps"]!.AsArray().Select((step, index) => (step!.AsObject(), index)))
        {
            try
            {
                await player.PlayAsync(step);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Step {index + 1} of {file}: {step.ToJsonString()}\n{error.Message}", error);
            }
        }
    }
}

/// <summary>One run of a file: the names given to what was created, and the steps.</summary>
internal sealed class SequencePlayer(DirectoryFixture fixture, ScimClient scim, HttpClient admin)
{
    private readonly Dictionary<string, Guid> named = [];

    /// <summary>Internal ids by name, kept because a later incarnation has another SCIM id.</summary>
    private readonly Dictionary<string, Guid> internalIds = [];

    internal Task PlayAsync(JsonObject step) =>
        step.ContainsKey("send") ? SendAsync(step)
        : step.ContainsKey("act") ? ActAsync(step)
        : step.ContainsKey("console") ? LookAsync(step)
        : TimelineAsync(step);

    private async Task SendAsync(JsonObject step)
    {
        var (method, path) = (Text(step, "send").Split(' ', 2)[0], Fill(Text(step, "send").Split(' ', 2)[1]));
        var answer = await scim.SendAsync(method, Escaped(path), step["body"] is { } body ? Fill(body.ToJsonString()) : null);
        var expect = step["expect"]!.AsObject();
        Assert.True((int)answer.Status == expect["status"]!.GetValue<int>(), $"{(int)answer.Status}: {answer.Body}");
        foreach (var (what, value) in expect) Check(answer, what, value!);
        if (step["as"] is null) return;
        var name = Text(step, "as");
        named[name] = answer.Id;
        var table = path.StartsWith("/Users", StringComparison.Ordinal) ? "users" : "groups";
        internalIds[$"{table}/{name}"] = await fixture.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE scim_id = $1", answer.Id);
    }

    private void Check(Answer answer, string what, JsonNode value)
    {
        switch (what)
        {
            case "status": break;
            case "active": Assert.Equal(value.GetValue<bool>(), answer.Active); break;
            case "total": Assert.Equal(value.GetValue<int>(), answer.Total); break;
            case "scimType": Assert.Equal(value.GetValue<string>(), answer.ScimType); break;
            case "detail": Assert.Contains(value.GetValue<string>(), answer.Detail, StringComparison.Ordinal); break;
            case "title": Assert.Equal(value.GetValue<string>(), answer.Body!["title"]!.GetValue<string>()); break;
            case "members": Assert.Equal(value.GetValue<int>(), (answer.Body!["members"] as JsonArray)?.Count ?? 0); break;
            case "sameAs": Assert.Equal(named[value.GetValue<string>()], answer.Id); break;
            case "otherThan": Assert.NotEqual(named[value.GetValue<string>()], answer.Id); break;
            default: throw new ArgumentException($"Unknown expectation '{what}'.");
        }
    }

    private async Task ActAsync(JsonObject step)
    {
        var parts = Text(step, "act").Split('/');
        using var answer = await admin.PostAsync($"/api/v1/{parts[0]}/{Internal(parts[0], parts[1])}/{parts[2]}", null);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        if (step["refused"] is { } why)
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains(why.GetValue<string>(), body["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        else Assert.Equal(Text(step, "status"), body["status"]?.GetValue<string>());
    }

    private async Task LookAsync(JsonObject step)
    {
        var parts = Text(step, "console").Split('/');
        var id = Internal(parts[0], parts[1]);
        var seen = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/{parts[0]}/{id}"))!;
        Assert.Equal(Text(step, "status"), seen["status"]!.GetValue<string>());
        if (step["sameAs"] is { } same) Assert.Equal(internalIds[Name(same)], id);
        if (step["otherThan"] is { } other) Assert.NotEqual(internalIds[Name(other)], id);
        if (step["directory"] is null) return;
        Assert.Equal(scim.DirectoryId, seen["directoryId"]!.GetValue<Guid>());
        var listed = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/{parts[0]}?directory={scim.DirectoryId}"))!["items"]!.AsArray();
        Assert.Equal([id], listed.Select(item => item!["id"]!.GetValue<Guid>()));
    }

    private async Task TimelineAsync(JsonObject step)
    {
        var parts = Text(step, "timeline").Split('/');
        var entries = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/{parts[0]}/{Internal(parts[0], parts[1])}/timeline"))!["items"]!.AsArray();
        var found = entries.Where(entry => entry!["change"]!.GetValue<string>() == Text(step, "has")).ToList();
        Assert.NotEmpty(found);
        if (Text(step, "has") == "refused") Assert.Single(found.Select(entry => entry!["reason"]!.GetValue<string>()).Distinct());
    }

    private static string Text(JsonObject step, string name) => step[name]!.GetValue<string>();
    private static string Name(JsonNode reference) => reference.GetValue<string>().Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
    private Guid Internal(string table, string reference) => internalIds[$"{table}/{reference.Trim('{', '}')}"];
    private string Fill(string text) => named.Aggregate(text, (filled, pair) => filled.Replace("{" + pair.Key + "}", pair.Value.ToString(), StringComparison.Ordinal));
    private static string Escaped(string path) => path.Replace(" ", "%20", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);
}
