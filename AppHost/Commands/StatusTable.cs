using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary>Formats the status of the system as a text table.</summary>
internal static class StatusTable
{
    internal static string Format(SystemState state)
    {
        List<string> table = [$"{"RESOURCE",-20} {"STATE",-14} {"HEALTH",-10} {"PID",8} {"MB",6}  ADDRESS"];
        foreach (var resource in state.Resources.Where(resource => resource.Type != ResourceType.Value))
        {
            var address = string.Join(' ', resource.Endpoints ?? []);
            var memory = resource.Pid is { } pid ? ResidentMemory.OfProcess(pid) : null;
            var trouble = resource.IsFine ? "" : $"  {resource.Reason}";
            table.Add($"{resource.Name,-20} {resource.State,-14} {resource.Health,-10} {resource.Pid,8} {memory,6}  {address}{trouble}".TrimEnd());
        }

        table.Add("");
        table.Add($"Dashboard: {state.Dashboard}");
        table.Add($"AppHost:   process {state.AppHost.Pid}, {ResidentMemory.OfProcess(state.AppHost.Pid)} MB, since {state.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");
        return string.Join('\n', table);
    }
}
