using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceDefaults.BackgroundLoops;

namespace ServiceDefaults.Tests.BackgroundLoops;

public sealed partial class BackgroundLoopTests
{
    public static TheoryData<Exception> AnyFault =>
    [
        new TaskCanceledException("as RabbitMQ.Client says of a broker that hangs"), new OperationCanceledException(), new TimeoutException(),
        new InvalidOperationException(), new IOException(), new ObjectDisposedException("a channel"),
    ];

    [Theory]
    [MemberData(nameof(AnyFault))]
    public async Task Whatever_a_pass_throws_the_next_one_comes(Exception fault)
    {
        using var stop = new CancellationTokenSource();
        var passes = 0;
        var loop = Loop();
        var running = loop.RunAsync(
            async cancellationToken =>
            {
                if (++passes == 1) throw fault;
                await stop.CancelAsync();
            },
            stop.Token);
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, passes);
    }

    [Fact]
    public async Task A_stop_ends_it_without_an_exception_in_a_pass_and_in_a_pause()
    {
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var inPass = Loop().RunAsync(
            async cancellationToken =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            stop.Token);
        var failed = new TaskCompletionSource();
        var inPause = Loop().RunAsync(
            _ =>
            {
                failed.TrySetResult();
                throw new TimeoutException();
            },
            stop.Token);
        var inPeriod = Loop().EveryAsync(TimeSpan.FromDays(1), _ => Task.CompletedTask, stop.Token);
        await Task.WhenAll(begun.Task, failed.Task);
        await stop.CancelAsync();
        await Task.WhenAll(inPass, inPause, inPeriod).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Pauses_grow_to_the_longest_and_begin_anew_after_a_success()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => backOff.Failed().TotalSeconds));
        for (var failure = 0; failure < 100; failure++) backOff.Failed(); // no overflow
        Assert.Equal(105, backOff.Succeeded());
        Assert.Equal(1, backOff.Failed().TotalSeconds);
    }

    /// <summary>An exception that leaves a background service ends the host, and with it the API.</summary>
    [Fact]
    public void Every_background_service_runs_in_a_loop()
    {
        var root = Root();
        var services = ((string[])["DirectoryService", "LicenseService", "PolicyService", "ScimGateway", "ServiceDefaults"])
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Hosted().IsMatch(File.ReadAllText(file))).ToList();
        Assert.True(services.Count > 8, string.Join("\n", services));
        Assert.All(services, file => Assert.Contains(nameof(BackgroundLoop), File.ReadAllText(file), StringComparison.Ordinal));
    }

    [GeneratedRegex(@":\s*(BackgroundService|IHostedService)\b")]
    private static partial Regex Hosted();

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Provisioning.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }

    private static BackgroundLoop Loop() => new("A test", TimeProvider.System, NullLogger.Instance);
}
