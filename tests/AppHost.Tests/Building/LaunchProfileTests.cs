using LocalRuntime.Building;

namespace AppHost.Tests.Building;

public sealed class LaunchProfileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_profile_that_runs_the_project_counts()
    {
        Write("""
            { // comments are allowed there
              "profiles": {
                "docker": { "commandName": "Docker" },
                "http": { "commandName": "Project", "applicationUrl": "http://localhost:15110", "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" } },
              }
            }
            """);

        var profile = LaunchProfile.First(_directory.File("X.csproj"))!;

        Assert.Equal(("http", 15110, "Development"), (profile.Name, profile.Urls.Single().Port, profile.Environment["ASPNETCORE_ENVIRONMENT"]));
    }

    [Fact]
    public void A_project_without_launch_settings_has_no_profile() => Assert.Null(LaunchProfile.First(_directory.File("X.csproj")));

    private void Write(string settings)
    {
        Directory.CreateDirectory(_directory.File("Properties"));
        File.WriteAllText(_directory.File("Properties/launchSettings.json"), settings);
    }
}
