using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AppHost.RunMode;

/// <summary>Writes <c>apphost.json</c>.</summary>
internal sealed partial class SystemStateFile(DataLocation data, TimeProvider clock, IConfiguration configuration, ILogger log)
{
    private readonly Lock writing = new();
    private readonly ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId)!;
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private bool complained;

    internal void Write(string? failure, IEnumerable<ResourceStatus> resources)
    {
        var state = new SystemState
        {
            AppHost = self,
            StartedAt = startedAt,
            Dashboard = DashboardAddress.Of(configuration),
            Failure = failure,
            Resources = [.. resources],
            Processes = ProcessTree.Of(Environment.ProcessId),
        };
        try
        {
            lock (writing) state.Write(data);
            complained = false;
        }
        catch (StartupException error)
        {
            // For example a full disk: the system keeps running, and the file is written when there is space again.
            if (!complained) NotWritten(log, error.Message);
            complained = true;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private static partial void NotWritten(ILogger log, string reason);
}
