using LocalRuntime;
using LocalRuntime.Native;

namespace AppHost.Tests.Native;

public sealed class PostgresBinariesTests
{
    private static readonly Dictionary<int, string> Two = new() { [15] = "/usr/lib/postgresql/15/bin", [17] = "/usr/lib/postgresql/17/bin" };

    [Fact]
    public void A_new_cluster_gets_the_newest() => Assert.Equal(Two[17], PostgresBinaries.Choose(Two, null, "/data"));

    [Fact]
    public void A_cluster_is_opened_by_the_version_that_wrote_it() => Assert.Equal(Two[15], PostgresBinaries.Choose(Two, "15", "/data"));

    [Fact]
    public void A_cluster_of_a_version_that_is_not_installed_is_one_clear_sentence()
    {
        var error = Assert.Throws<StartupException>(() => PostgresBinaries.Choose(Two, "14", "/data"));
        Assert.Equal("The data in /data were written by PostgreSQL 14; installed here: 15, 17. Install postgresql-14, or begin anew with ./run --reset.", error.Message);
    }

    [Fact]
    public void Without_PostgreSQL_it_says_what_to_do() =>
        Assert.Contains("apt-get install postgresql", Assert.Throws<StartupException>(() => PostgresBinaries.Choose(new Dictionary<int, string>(), null, "/data")).Message, StringComparison.Ordinal);
}
