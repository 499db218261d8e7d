using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Idps;

/// <summary>
/// Plays the files under <c>Captured/</c>: what each identity provider sends, and what it must be answered (docs:
/// idp-behaviour §2). A new client, or a new bug of one, is a new file.
/// <code>
/// { "provider": "EntraId", "source": "where the requests are from", "steps": [
///   { "send": "POST /Users", "body": {…}, "headers": {…}, "expect": 201, "scimType": "…", "as": "a name for its id",
///     "has": { part of the answer }, "hasNot": ["members that must be absent", "with/subs"] } ] }
/// </code>
/// </summary>
public sealed class RecordedRequestTests(DirectoryFixture fixture)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Idps", "Captured");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_identity_provider_gets_the_answers_it_needs(string file)
    {
        var script = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file + ".json")))!;
        Assert.False(string.IsNullOrWhiteSpace(script["source"]?.GetValue<string>()), "A file says where its requests are from.");
        var player = new RecordedRequestReplay(await fixture.DirectoryAsync(script["provider"]!.GetValue<string>()));
        foreach (var (step, index) in script["steps"]!.AsArray().Select((step, index) => (step!.AsObject(), index)))
        {
            try
            {
                await player.PlayAsync(step);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Step {index + 1} of {file}: {step["send"]}\n{error.Message}", error);
            }
        }
    }
}
