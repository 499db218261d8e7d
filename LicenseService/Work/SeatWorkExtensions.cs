using LicenseService.Holds;
using LicenseService.Waiting;

namespace LicenseService.Work;

internal static class SeatWorkExtensions
{
    /// <summary>Registers <see cref="SeatWorker"/> and the services it uses.</summary>
    internal static void AddSeatWork(this IServiceCollection services)
    {
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<PendingUserReevaluation>();
        services.AddSingleton<BulkReevaluation>();
        services.AddSingleton<SeatReclaim>();
        services.AddSingleton<SeatAllocation>();
        services.AddSingleton<WaitingListAlerts>();
        services.AddSingleton<SeatWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<SeatWorker>());
        services.AddHostedService<SeatMetrics>();
    }
}
