using System.Net;

namespace DirectoryService.Tests.Users;

public sealed class ConcurrentEqualCreatesTests(DirectoryFixture fixture)
{
    /// <summary>Spellings of one name: case, full width, composed and decomposed, a space behind, zero width, the Kelvin sign.</summary>
    private static readonly string[] Spellings = ["Kim.José", "KIM.JOSÉ", "ｋim.josé", "kim.jose\u0301", "kim.josé ", "k\u200bim.josé", "\u212Aim.josé", "kim.jos\uFE0Fé"];

    [Fact]
    public async Task A_thousand_equal_creates_at_once_end_in_one_user()
    {
        var scim = await fixture.DirectoryAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i =>
            scim.SendAsync("POST", "/Users", $$"""{"userName":"{{Spellings[i % Spellings.Length]}}"}""")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.Refused(409, "uniqueness"));
        Assert.Equal(1, (await scim.GetAsync("/Users?count=0")).Total);
    }

    [Fact]
    public async Task Names_that_differ_are_different_users()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var name in (string[])["irmak", "ırmak", "istanbul", "İstanbul"]) await scim.CreateUserAsync(name);
        Assert.Equal(4, (await scim.GetAsync("/Users?count=0")).Total);
    }
}
