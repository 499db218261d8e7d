using System.Text.Json;
using IdpSimulator.Cli;
using IdpSimulator.Stories.Playing;

namespace IdpSimulator.Tests.Stories;

public sealed class TenantStoryTests
{
    public static TheoryData<string> Names => [.. ProviderVariant.All.Select(variant => variant.Story).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_story_can_be_read_and_compares_on_its_way(string name)
    {
        var story = await TenantStory.LoadAsync(name, default);
        Assert.Contains(story.Steps, step => step.Do == "compare");
        Assert.Contains(story.Steps, step => step.Console is not null);
        Assert.All(story.Users.Keys, part => Assert.Contains(story.Steps, step => step.Users?.Contains(part) == true));
        Assert.All(story.Groups.Keys, part => Assert.Contains(story.Steps, step => step.Groups?.Contains(part) == true));
    }

    [Theory]
    [InlineData("""{ "do": "dance", "users": ["all"] }""", "none that can be played")]
    [InlineData("""{ "do": "rehire", "groups": ["all"] }""", "none that can be played")]
    [InlineData("""{ "do": "assign", "console": "Disable", "users": ["all"] }""", "none that can be played")]
    [InlineData("""{ "do": "assign", "users": ["nobody"] }""", "no part of the tenant")]
    public void A_step_that_cannot_be_played_is_refused_before_anything_is_sent(string step, string why)
    {
        var error = Assert.Throws<JsonException>(() => TenantStory.Parse($$"""{ "name": "x", "users": {}, "groups": {}, "steps": [{{step}}] }"""));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_in_two_parts_and_every_part_has_somebody()
    {
        var parts = new StoryParts<int>([.. Enumerable.Range(0, 50)], new Dictionary<string, int> { ["few"] = 1, ["some"] = 10 });
        Assert.Equal([0], parts[["few"]]);
        Assert.Equal([1, 2, 3, 4, 5], parts[["some"]]);
        Assert.Equal(44, parts[["others"]].Count);
        Assert.Equal(50, parts[["all", "few"]].Count);
        Assert.Throws<ArgumentException>(() => new StoryParts<int>([1], new Dictionary<string, int> { ["a"] = 1, ["b"] = 1 }));
    }
}
