using DirectoryService.Admin.Access;
using DirectoryService.Admin.Directories;
using DirectoryService.Admin.Jobs;
using DirectoryService.Admin.Timelines;
using DirectoryService.Admin.UsersAndGroups;
using DirectoryService.Users;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.Storage;

namespace DirectoryService.Admin;

/// <summary>The route table of this service's part of the admin API.</summary>
internal static class AdminRoutes
{
    internal static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ConsoleActionWrites>();
        services.AddSingleton<ManualUsers>();
        services.AddSingleton<UserDefinedGroups>();
        services.AddSingleton<JobTable>();
        services.AddSingleton<JobSignal>();
        services.AddHostedService(JobWorker);
        DownstreamTimeline.Add(services);
    }

    /// <summary>Nobody waits for what a job does, so its statements have the limit of background work.</summary>
    private static JobWorker JobWorker(IServiceProvider services)
    {
        var db = services.GetRequiredKeyedService<NpgsqlDataSource>(Database.Background);
        var users = ActivatorUtilities.CreateInstance<UserTable>(services, db);
        return ActivatorUtilities.CreateInstance<JobWorker>(services,
            ActivatorUtilities.CreateInstance<JobTable>(services, db), ActivatorUtilities.CreateInstance<ConsoleActionWrites>(services, users, db));
    }

    internal static void MapAdmin(this WebApplication app)
    {
        AccessTokenEndpoints.Map(app);
        var api = app.MapAdminApi();
        AccountEndpoints.Map(api);
        AlertEndpoints.Map(api);
        ApiKeyEndpoints.Map(api);
        DirectoryEndpoints.Map(api);
        PeopleEndpoints.Map(api);
        ConsoleEndpoints.Map(api);
        ConsequenceEndpoints.Map(api);
        JobEndpoints.Map(api);
        ManualEndpoints.Map(api);
        SearchAttributeEndpoints.Map(api);
        TimelineEndpoints.Map(api);
        UserAuthenticationEndpoints.Map(api);
    }
}
