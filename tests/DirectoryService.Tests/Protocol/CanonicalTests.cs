using DirectoryService.Protocol;

namespace DirectoryService.Tests.Protocol;

public sealed class CanonicalTests
{
    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData("  ada ", "ada")]
    [InlineData("ａｄａ", "ada")]                 // full-width
    [InlineData("Jose\u0301", "jos\u00e9")]     // decomposed and composed
    [InlineData("a\u200bd\u200da", "ada")]      // zero width
    [InlineData("\u212Aelvin", "kelvin")]       // the Kelvin sign
    [InlineData("ſam", "sam")]
    [InlineData("ÄRGER", "ärger")]
    public void Names_that_mean_the_same_are_equal(string left, string right) =>
        Assert.Equal(ScimText.Canonical(right), ScimText.Canonical(left));

    [Theory]
    [InlineData("ırmak", "irmak")]
    [InlineData("straße", "strase")]
    [InlineData("ada", "аda")] // Cyrillic а
    public void Names_that_differ_stay_different(string left, string right) =>
        Assert.NotEqual(ScimText.Canonical(right), ScimText.Canonical(left));

    [Fact]
    public void The_canonical_form_is_stable()
    {
        foreach (var name in (string[])["İstanbul", "ﬁle", "Ǆ", "ΑΣ", "ŉ", "ẞ"])
            Assert.Equal(ScimText.Canonical(name), ScimText.Canonical(ScimText.Canonical(name)));
    }
}
