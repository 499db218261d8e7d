using AppHost.RunMode;

namespace AppHost.Tests.RunMode;

public sealed class PersistentSecretsTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_secret_is_made_once_and_lies_beside_the_data_for_its_owner_only()
    {
        var made = new PersistentSecrets(directory.Path).GetOrCreate("password", () => "first");
        var again = new PersistentSecrets(directory.Path).GetOrCreate("password", () => "second");

        Assert.Equal(("first", "first"), (made, again));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory.File(PersistentSecrets.FileName)));
    }

    [Fact]
    public void Data_that_are_moved_take_their_secrets_along()
    {
        new PersistentSecrets(directory.Path).GetOrCreate("password", () => "kept");
        using var elsewhere = new TempDirectory();
        File.Copy(directory.File(PersistentSecrets.FileName), elsewhere.File(PersistentSecrets.FileName));

        Assert.Equal("kept", new PersistentSecrets(elsewhere.Path).GetOrCreate("password", () => "another"));
    }

    [Fact]
    public void No_password_is_made_up_for_data_that_know_another()
    {
        Directory.CreateDirectory(directory.File("postgres/data"));
        File.WriteAllText(directory.File("postgres/data/PG_VERSION"), "15\n");

        var error = Assert.Throws<StartupException>(() => new PersistentSecrets(directory.Path).GetOrCreate("password", () => "new"));

        Assert.Contains("is missing, but the data beside it need", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_never_replaced()
    {
        File.WriteAllText(directory.File(PersistentSecrets.FileName), "{ broken");

        var error = Assert.Throws<StartupException>(() => new PersistentSecrets(directory.Path).GetOrCreate("password", () => "new"));

        Assert.Contains("./run --reset", error.Message, StringComparison.Ordinal);
        Assert.Equal("{ broken", File.ReadAllText(directory.File(PersistentSecrets.FileName)));
    }
}
