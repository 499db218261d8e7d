using System.Diagnostics;
using System.Globalization;
using EndToEnd.Tests.Running;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>The requests that the README offers for pasting, run as they stand.</summary>
[Collection(RunningSystem.Users)]
public sealed class ReadmeStoryTests(RunningSystem system)
{
    [Fact]
    public async Task The_story_takes_a_seat_and_gives_it_back()
    {
        var before = await system.Admin.OpenPoolAsync();
        var (exitCode, output) = await PasteAsync(Story());
        Assert.True(exitCode == 0, output);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"used\":{before.Used + 1}"), output, StringComparison.Ordinal);
        Assert.Contains("\"active\":false", output, StringComparison.Ordinal);
        await Eventually.BecomesAsync("the seat to be free", system.Admin.PoolAsync, pool => pool.Used == before.Used);
    }

    /// <summary>The README's block of shell that speaks SCIM.</summary>
    private static string Story()
    {
        const string begin = "```sh\n", end = "\n```";
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split(begin).Skip(1).Select(text => text.Split(end)[0]);
        return Assert.Single(blocks, block => block.Contains("application/scim+json", StringComparison.Ordinal));
    }

    /// <summary>In a folder whose <c>.data</c> is this system's, as the repository's is after <c>./run</c>.</summary>
    private async Task<(int ExitCode, string Output)> PasteAsync(string script)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, ".data"), system.Data);
            var start = new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var bash = Process.Start(start)!;
            var output = bash.StandardOutput.ReadToEndAsync();
            var errors = bash.StandardError.ReadToEndAsync();
            await bash.WaitForExitAsync();
            return (bash.ExitCode, await output + await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
