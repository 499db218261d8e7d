using LocalRuntime.Processes;
using LocalRuntime.State;

namespace LocalRuntime.Cli;

/// <summary><c>--wait PID</c>: returns when the system which that AppHost starts is healthy, or says why it will not be.</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var starting = Starting(context.Args) ?? throw new StartupException("--wait needs the process id of an AppHost.");
        var bound = context.Settings.WaitBound * 2;
        SystemState? state = null;
        for (var waited = TimeSpan.Zero; waited < bound; waited += Pause)
        {
            if (!starting.IsAlive) return 1; // its last line says why
            state = SystemState.Read(context.Settings.Data);
            if (state is not null && state.AppHost == starting && state.Resources.Count > 0)
            {
                if (state.IsHealthy) return 0;
                if (state.Resources.FirstOrDefault(resource => resource.IsLost) is { } lost) return await FailAsync($"{lost.Name}: {lost.Reason}");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        var unhealthy = state?.Resources.Where(resource => !resource.IsFine).Select(resource => $"{resource.Name} ({resource.State}{(resource.Reason is { } reason ? $": {reason}" : "")})") ?? [];
        return await FailAsync($"Not healthy after {bound.TotalSeconds:0} s: {string.Join(", ", unhealthy)}");
    }

    private static ProcessIdentity? Starting(string[] args) =>
        int.TryParse(args.SkipWhile(arg => arg != "--wait").ElementAtOrDefault(1), out var pid) ? ProcessIdentity.Of(pid) : null;

    private static async Task<int> FailAsync(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return 1;
    }
}
