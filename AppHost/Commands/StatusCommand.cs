using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary>Prints the status of the system. Exit code 0 only when everything is healthy.</summary>
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
