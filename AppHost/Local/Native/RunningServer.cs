using System.Diagnostics;
using LocalRuntime.Processes;

namespace LocalRuntime.Native;

/// <summary>One server on its own, without a model around it: for the tests, which need it for the length of one run. It is not tended.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90), StopGrace = TimeSpan.FromSeconds(8), Pause = TimeSpan.FromMilliseconds(100);
    private const int KeptLines = 20;

    private readonly Queue<string> _lastLines = new();
    private readonly IProgram _program;
    private ChildProcess _child = null!;

    private RunningServer(IProgram program) => _program = program;

    internal int Pid => _child.Pid;

    /// <summary>Returns when the server is well.</summary>
    /// <exception cref="StartupException">It ended, or took too long; with what it last wrote.</exception>
    internal static async Task<RunningServer> StartAsync(IProgram program, CancellationToken cancellationToken)
    {
        var server = new RunningServer(program);
        server._child = await ChildProcess.StartAsync(await program.PrepareAsync(cancellationToken), server.Write, cancellationToken);
        try
        {
            await server.BecomesWellAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _child.StopAsync(StopGrace);

    private async Task BecomesWellAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        Wellness wellness;
        while (!(wellness = await _program.ProbeAsync(cancellationToken)).IsWell)
        {
            if (_child.Exited.IsCompleted) throw new StartupException($"A server ended with exit code {await _child.Exited} while it started:\n{LastLines()}");
            if (watch.Elapsed > StartBound) throw new StartupException($"A server was not ready after {StartBound.TotalSeconds:0} s ({wellness.Problem}):\n{LastLines()}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private void Write(string line, bool isError)
    {
        _program.Observe(line);
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
        }
    }

    private string LastLines()
    {
        lock (_lastLines) return string.Join('\n', _lastLines);
    }
}
