using IdpSimulator.Cli;

namespace IdpSimulator.Tests.Cli;

public sealed class OptionsTests
{
    [Fact]
    public void Without_arguments_both_providers_play_with_20_users_and_3_groups_under_new_names()
    {
        var options = Options.Parse([]);
        Assert.True(options is { Entra: true, Okta: true, Users: 20, Groups: 3, AllVariants: false });
        Assert.NotEqual(options.RunId, Options.Parse([]).RunId);
    }

    [Theory]
    [InlineData("--provider keycloak", "entra, okta or all")]
    [InlineData("--provider onelogin", "whole-tenant")]
    [InlineData("--story whole-tenant --users 5", "at least 20 users")]
    [InlineData("--story whole-tenant --base-url http://x/scim --token t --provider okta", "of its own")]
    [InlineData("--rps fast", "number")]
    [InlineData("--users 1", "at least 3")]
    [InlineData("--users many", "number")]
    [InlineData("--groups", "needs a value")]
    [InlineData("--nonsense", "no option")]
    [InlineData("--base-url http://x/scim", "belong together")]
    [InlineData("--base-url http://x/scim --token t", "--provider entra or --provider okta")]
    [InlineData("--base-url nowhere --token t --provider okta", "SCIM base URL")]
    public void Wrong_usage_says_what_is_right(string arguments, string hint)
    {
        var error = Assert.Throws<UsageException>(() => Options.Parse(arguments.Split(' ')));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoints_are_found_upward()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            var deep = root.CreateSubdirectory("a/b/c");
            root.CreateSubdirectory(".data");
            var file = Path.Combine(root.FullName, ".data", "endpoints.json");
            await File.WriteAllTextAsync(file, """
                {"gateway":"http://localhost:15080","console":null,"dashboard":"http://localhost:15000","account":"6f8b8c1e-0000-0000-0000-000000000001","adminApiKey":"prov_1_x",
                 "directories":[{"id":"6f8b8c1e-0000-0000-0000-000000000002","name":"Okta demo","provider":"Okta","baseUrl":"http://localhost:15080/scim/v2/a/b","token":"scim_1_y"}]}
                """);
            Assert.Equal(file, SystemEndpoints.Find(null, deep.FullName));
            var players = await VariantPlayer.ChooseAsync(Options.Parse(["--endpoints", file, "--provider", "okta"]), default);
            Assert.Equal("okta-put", Assert.Single(players).Name);
            var error = await Assert.ThrowsAsync<UsageException>(() => VariantPlayer.ChooseAsync(Options.Parse(["--endpoints", file]), default));
            Assert.Contains("EntraId", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
