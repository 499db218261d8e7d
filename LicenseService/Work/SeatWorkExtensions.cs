using LicenseService.Storage;

namespace LicenseService.Work;

internal static class SeatWorkExtensions
{
    /// <summary>Registers <see cref="SeatWorker"/> and the services it uses.</summary>
    internal static void AddSeatWork(this IServiceCollection services)
    {
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<PendingUsers>();
        services.AddSingleton<Walk>();
        services.AddSingleton<TakingBack>();
        services.AddSingleton<Handing>();
        services.AddSingleton<LineNews>();
        services.AddSingleton<SeatWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<SeatWorker>());
        services.AddHostedService<SeatMetrics>();
    }
}
