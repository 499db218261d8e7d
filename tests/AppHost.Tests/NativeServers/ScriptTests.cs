using System.Diagnostics;

namespace AppHost.Tests.NativeServers;

/// <summary>What <c>postgres.sh</c> and <c>rabbitmq.sh</c> say and leave when something is wrong.</summary>
public sealed class ScriptTests
{
    private const int Hopeless = 78;

    [Fact]
    public async Task Data_of_another_version_are_refused_by_name()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory.File("server/data"));
        await File.WriteAllTextAsync(directory.File("server/data/PG_VERSION"), "9\n");

        var (exitCode, error) = await RunAsync("postgres.sh", directory.File("server"), "5999");

        Assert.Equal(Hopeless, exitCode);
        Assert.Matches("were written by PostgreSQL 9; installed here: [0-9, ]+. Install postgresql-9, or remove the data.", error);
    }

    [Theory]
    [InlineData("postgres.sh", "/usr/lib/postgresql", "PostgreSQL 15 or later is not installed. Install it (Debian: apt-get install postgresql).")]
    [InlineData("rabbitmq.sh", "/usr/lib/rabbitmq", "RabbitMQ is not installed (/usr/lib/rabbitmq/bin/rabbitmq-server is missing). Install it (Debian: apt-get install rabbitmq-server).")]
    public async Task A_missing_program_is_named_with_its_package(string script, string hidden, string sentence)
    {
        using var directory = new TempDirectory();
        await SkipUnlessMountsCanBeHiddenAsync();
        var (exitCode, error) = await RunAsync("unshare", "--mount", "sh", "-c", $"mount -t tmpfs none {hidden} && exec {Script(script)} {directory.File("server")} 5997 5998 5999");

        Assert.Equal((Hopeless, sentence), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task A_directory_of_somebody_else_is_told()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "To root every directory is open.");
        var (exitCode, error) = await RunAsync("postgres.sh", "/root/server", "5999");
        Assert.Equal(Hopeless, exitCode);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_script_that_is_killed_takes_its_server_along()
    {
        using var directory = new TempDirectory();
        using var script = Process.Start(Start("postgres.sh", [directory.File("server"), "5996"]))!;
        var file = directory.File("server/data/postmaster.pid");
        var (server, _) = await Eventually.BecomesAsync("the server to run", () => Task.FromResult(PidIn(file)), pid => pid is not null);
        script.Kill();
        await Eventually.TrueAsync("the server to end", () => Task.FromResult(!Directory.Exists($"/proc/{server}")));
        await Eventually.TrueAsync("its last file to be gone", () => Task.FromResult(!File.Exists(file)));
    }

    private static int? PidIn(string file)
    {
        try
        {
            return int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) ? pid : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task SkipUnlessMountsCanBeHiddenAsync()
    {
        var (exitCode, _) = await RunAsync("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt");
        Assert.SkipUnless(exitCode == 0, "Only root may hide a directory from one process.");
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments) => new(program.EndsWith(".sh", StringComparison.Ordinal) ? Script(program) : program, arguments)
    {
        RedirectStandardError = true,
        Environment = { ["POSTGRES_PASSWORD"] = "of tests" },
    };

    private static async Task<(int ExitCode, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
