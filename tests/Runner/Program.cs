using System.Runtime.InteropServices;
using LocalRuntime;
using Runner;

// ./test: one PostgreSQL and one RabbitMQ of its own, then every test project, then the sum.
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    var options = RunnerOptions.Parse(args);
    var projects = TestProject.Find(options);
    await using var servers = await TestServers.StartAsync(projects, interrupted.Token);
    return options.OnlyServers ? await ServeAsync(servers) : await RunAsync(servers, projects);
}
catch (StartupException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Interrupted.");
    return 1;
}

async Task<int> RunAsync(TestServers servers, IReadOnlyList<TestProject> projects)
{
    var report = new Report(projects);
    foreach (var project in projects) report.Add(await ProjectRun.RunAsync(project, servers, interrupted.Token));
    return report.Conclude();
}

async Task<int> ServeAsync(TestServers servers)
{
    foreach (var (name, value) in servers.Variables(TestServers.DebuggerHost)) Console.WriteLine($"export {name}='{value}'");
    Console.WriteLine("# The servers run until Ctrl-C.");
    await Task.Delay(Timeout.Infinite, interrupted.Token);
    return 0;
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
