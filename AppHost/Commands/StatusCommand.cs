using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary>Shows the system; exit code 0 only when all of it is healthy.</summary>
internal static class StatusCommand
{
    internal static async Task<int> RunAsync(DataLocation data, bool asJson)
    {
        if (SystemState.Read(data) is not { AppHost.IsAlive: true } state)
        {
            await Console.Error.WriteLineAsync($"The system with the data in {data.State} does not run. Start it with ./run.");
            return 1;
        }

        await Console.Out.WriteLineAsync(asJson ? state.ToJson() : StatusTable.Format(state));
        return state.IsHealthy ? 0 : 1;
    }
}
