using System.Diagnostics;
using System.Text.Json.Nodes;
using AppHost.RunMode;

namespace AppHost.Tests.Publish;

/// <summary>The deployment as <c>--publisher manifest</c> tells it, held against what the services read.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task It_has_the_servers_as_containers_and_each_service_once_with_all_that_it_reads_and_nothing_of_the_demo()
    {
        using var directory = new TempDirectory();
        var resources = (await PublishAsync(directory.File("manifest.json")))["resources"]!.AsObject();

        Assert.Equal("container.v0", (string?)resources["postgres"]!["type"]);
        Assert.Equal("container.v0", (string?)resources["messaging"]!["type"]);
        foreach (var (service, connections) in new Dictionary<string, string[]>
        {
            ["directory"] = ["directorydb", "messaging"],
            ["license"] = ["licensedb", "messaging"],
            ["policy"] = ["policydb", "messaging"],
            ["gateway"] = [],
        })
        {
            var variables = resources[service]!["env"]!.AsObject().Select(variable => variable.Key).ToHashSet();
            Assert.Superset(connections.Select(connection => $"ConnectionStrings__{connection}").ToHashSet(), variables);
        }

        Assert.Equal(["services__directory__http__0"], Discovered("license"));
        Assert.Equal(["services__directory__http__0"], Discovered("policy"));
        Assert.Equal(["services__license__http__0", "services__policy__http__0"], Discovered("directory"));
        Assert.Equal(["services__directory__http__0", "services__license__http__0", "services__policy__http__0"], Discovered("gateway"));
        foreach (var (migration, database) in new[] { ("directorymigration", "directorydb"), ("licensemigration", "licensedb"), ("policymigration", "policydb") })
        {
            Assert.Equal(["--migrate"], resources[migration]!["args"]!.AsArray().Select(argument => (string)argument!));
            Assert.Superset(new HashSet<string> { $"ConnectionStrings__{database}", "Migration__AppPassword" }, resources[migration]!["env"]!.AsObject().Select(variable => variable.Key).ToHashSet());
        }

        Assert.DoesNotContain("Bootstrap", resources.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(resources, resource => resource.Key is "demo" or "simulator" or "adminkey" or "directory1");

        IEnumerable<string> Discovered(string service) =>
            resources[service]!["env"]!.AsObject().Select(variable => variable.Key).Where(key => key.StartsWith("services__", StringComparison.Ordinal) && key.EndsWith("__http__0", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static async Task<JsonObject> PublishAsync(string file)
    {
        using var publisher = Process.Start(new ProcessStartInfo("dotnet", [typeof(LocalRun).Assembly.Location, "--publisher", "manifest", "--output-path", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = publisher.StandardOutput.ReadToEndAsync();
        var errors = publisher.StandardError.ReadToEndAsync();
        await publisher.WaitForExitAsync();
        Assert.True(File.Exists(file), $"{await output}\n{await errors}");
        return JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
    }
}
