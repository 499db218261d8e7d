using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;

namespace LocalRuntime.Processes;

/// <summary>
/// A running child. It leads a session of its own, so that the terminal's Ctrl-C reaches only the AppHost, which ends its
/// children in order; and the kernel sends it its stop signal should the AppHost die without doing so.
/// </summary>
internal sealed class ChildProcess
{
    private static readonly TimeSpan CompanionBound = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ProcessSpec _spec;
    private readonly ChildProcess? _companion;

    private ChildProcess(Process process, ProcessSpec spec, ChildProcess? companion, LineSink sink)
    {
        (_process, _spec, _companion) = (process, spec, companion);
        Identity = ProcessIdentity.Of(process.Id);
        process.StandardInput.Close();
        var output = LogPump.RunAsync(process.StandardOutput, isError: false, sink);
        var error = LogPump.RunAsync(process.StandardError, isError: true, sink);
        Exited = AwaitExitAsync(output, error);
    }

    internal delegate void LineSink(string line, bool isError);

    internal int Pid => _process.Id;

    /// <summary>Null when it was over before it could be looked at.</summary>
    internal ProcessIdentity? Identity { get; }

    /// <summary>This process and its companions, while they live.</summary>
    internal IEnumerable<ProcessIdentity> Identities => (_companion?.Identities ?? []).Append(Identity).OfType<ProcessIdentity>().Where(id => id.IsAlive);

    /// <summary>Its exit code, 128 + N when signal N ended it; what it wrote until then has reached the sink.</summary>
    internal Task<int> Exited { get; }

    /// <summary>Whether a program's name is that of one which only prepares the process for the real one.</summary>
    internal static bool IsLauncher(string program) => program is "setsid" or "setpriv" or "sh" or "rabbitmq-server";

    internal static async Task<ChildProcess> StartAsync(ProcessSpec spec, LineSink sink, CancellationToken cancellationToken)
    {
        var companion = spec.Companion is { } wanted ? await StartCompanionAsync(wanted, sink, cancellationToken) : null;
        try
        {
            return new(await StarterThread.Shared.StartAsync(StartInfo(spec)), spec, companion, sink);
        }
        catch (Win32Exception error)
        {
            if (companion is not null) await companion.StopAsync(TimeSpan.Zero);
            throw new StartupException($"{spec.FileName} could not be started: {error.Message}", error);
        }
    }

    /// <summary>Asks it to end and, when the grace is over, ends it and all of its session.</summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        if (Identity is { IsAlive: true })
        {
            Signals.Send(Pid, _spec.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(grace));
        }

        if (Identity is { IsAlive: true }) Signals.SendToGroup(Pid, Signal.Kill);
        await Exited;
    }

    private async Task<int> AwaitExitAsync(Task output, Task error)
    {
        await _process.WaitForExitAsync();
        Signals.SendToGroup(Pid, Signal.Kill); // whatever it left behind in its session
        // A grandchild may hold the pipes open for ever; what the child itself wrote is in them by now.
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(1)));
        if (_companion is not null) await _companion.StopAsync(TimeSpan.FromSeconds(1));
        return _process.ExitCode;
    }

    private static async Task<ChildProcess> StartCompanionAsync(Companion companion, LineSink sink, CancellationToken cancellationToken)
    {
        var child = await StartAsync(companion.Spec, sink, cancellationToken);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(CompanionBound);
        try
        {
            while (!await ListensAsync(companion.Port, bound.Token))
            {
                if (child.Exited.IsCompleted) throw new StartupException($"{companion.Spec.FileName} ended with exit code {await child.Exited} before it listened on port {companion.Port}.");
                await Task.Delay(20, bound.Token);
            }

            return child;
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync(TimeSpan.Zero);
            cancellationToken.ThrowIfCancellationRequested();
            throw new StartupException($"{companion.Spec.FileName} did not listen on port {companion.Port} within {CompanionBound.TotalSeconds:0} s.");
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(ProcessSpec spec)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("setpriv");
        start.ArgumentList.Add($"--pdeathsig={(spec.StopSignal == Signal.Interrupt ? "INT" : "TERM")}");
        if (spec.User is { } user && UnixUser.IsRoot)
        {
            start.ArgumentList.Add($"--reuid={user.Uid}");
            start.ArgumentList.Add($"--regid={user.Gid}");
            start.ArgumentList.Add("--clear-groups");
        }

        start.ArgumentList.Add("--");
        start.ArgumentList.Add(spec.FileName);
        foreach (var argument in spec.Arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        return start;
    }
}
