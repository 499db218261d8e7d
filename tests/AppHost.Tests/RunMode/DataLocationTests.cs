using AppHost.RunMode;

namespace AppHost.Tests.RunMode;

public sealed class DataLocationTests
{
    [Fact]
    public void Servers_that_may_pass_have_their_data_beside_the_rest()
    {
        using var directory = new TempDirectory();
        Assert.Equal(new DataLocation(directory.Path, directory.Path), DataLocation.Resolve(directory.Path, serversAreOthers: true));
    }

    [Fact]
    public void Below_a_private_directory_the_servers_data_go_where_their_accounts_can_reach_them()
    {
        using var directory = new TempDirectory();
        var home = Directory.CreateDirectory(directory.File("home"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var state = Path.Combine(home.FullName, "clone", ".data");

        var location = DataLocation.Resolve(state, serversAreOthers: true);

        Assert.Equal(state, location.State);
        Assert.Matches("^/var/lib/provisioning/[0-9a-f]{12}$", location.Servers);
        Assert.Equal(location, DataLocation.Resolve(state, serversAreOthers: true));
        Assert.Equal(new DataLocation(state, state), DataLocation.Resolve(state, serversAreOthers: false));
    }
}
