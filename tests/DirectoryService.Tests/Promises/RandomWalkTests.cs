using System.Globalization;
using DirectoryService.Tests.Promises.RandomWalk;

namespace DirectoryService.Tests.Promises;

/// <summary>
/// Thousands of interleaved actions of an IdP and of admins on a small population, against a model that is written from
/// the text of idp-behaviour §3 and §4 alone: each answer is predicted, and what SCIM, the console and the database show is
/// compared again and again.
/// <code>
///   PROVISIONING_WALK_SEED=42|random   another walk; a failure prints its seed and its last steps
///   PROVISIONING_WALK_STEPS=20000      a longer one
/// </code>
/// </summary>
public sealed class RandomWalkTests(DirectoryFixture fixture)
{
    private const int DefaultSeed = 20_261_123;
    private const int DefaultSteps = 1_000;
    private const int CheckEvery = 10;
    private const int ConsoleEvery = 50;

    [Theory]
    [InlineData("EntraId")]
    [InlineData("Okta")]
    [InlineData("OneLogin")]
    [InlineData("Dts")]
    [InlineData("Generic")]
    public async Task Every_interleaving_ends_where_the_tables_say(string provider)
    {
        var (seed, steps) = (Seed(), Number("PROVISIONING_WALK_STEPS") ?? DefaultSteps);
        TestContext.Current.TestOutputHelper?.WriteLine($"PROVISIONING_WALK_SEED={seed}: {steps} steps of {provider}");
        using var admin = await fixture.AdminAsync();
        var walker = new RandomWalkRunner(fixture, await fixture.DirectoryAsync(provider), admin, seed);
        var groups = new ModelGroups();
        var users = new ModelUsers(overrides: provider == "EntraId", lookupReleases: provider == "Okta", groups);
        var (userSteps, groupSteps) = (new UserSteps(walker, users), new GroupSteps(walker, groups, users));
        var checks = new WalkChecks(walker, users, groups);
        try
        {
            for (walker.Step = 1; walker.Step <= steps; walker.Step++)
            {
                await (users.All.Count > 0 && walker.Chance(30) ? groupSteps.OneAsync() : userSteps.OneAsync());
                if (walker.Step % CheckEvery == 0)
                {
                    await checks.ScimAgreesAsync();
                    await checks.DatabaseAgreesAsync();
                }
                if (walker.Step % ConsoleEvery == 0) await checks.ConsoleAgreesAsync();
            }
            await checks.ScimAgreesAsync();
            await checks.DatabaseAgreesAsync();
            await checks.ConsoleAgreesAsync();
            await new LogChecks(walker, checks).HoldAsync();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"Step {walker.Step} of {provider}, PROVISIONING_WALK_SEED={seed}. Its last steps:\n{walker.LastSteps}\n{error.Message}", error);
        }
    }

    private static int Seed() => Environment.GetEnvironmentVariable("PROVISIONING_WALK_SEED") == "random"
        ? Random.Shared.Next()
        : Number("PROVISIONING_WALK_SEED") ?? DefaultSeed;

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
