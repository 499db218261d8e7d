using Testing;

namespace DirectoryService.Tests.Storage;

public sealed class LandedMigrationsTests
{
    [Fact]
    public void What_the_last_release_ran_is_there_under_its_name_and_unchanged() => Assert.Empty(LandedMigrations.FaultsOf(typeof(DirectoryApp).Assembly));
}
