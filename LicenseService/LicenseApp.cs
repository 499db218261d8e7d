using LicenseService.Admin;
using LicenseService.Assignments;
using LicenseService.FactReactions;
using LicenseService.Holds;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using LicenseService.Work;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService;

/// <summary>Builds the web application. Program runs it; tests run it in their own process.</summary>
internal static class LicenseApp
{
    /// <param name="configure">Runs after the service's own registrations, so that it can replace them.</param>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDatabase("licensedb");
        builder.AddAdminApi();
        builder.AddFactProjections("messaging", FactQueue.License);
        builder.Services.AddSingleton<IFactReaction, SeatReaction>();
        builder.Services.AddSingleton<PoolStore>();
        builder.Services.AddSingleton<GrantStore>();
        builder.Services.AddSingleton<GrantHistory>();
        builder.Services.AddSingleton<SeatAssignment>();
        builder.Services.AddSingleton<PoolResize>();
        builder.Services.AddSingleton<RuleStore>();
        builder.Services.AddSingleton<RulePreviewQuery>();
        builder.Services.AddSingleton<WaitingListStore>();
        builder.Services.AddSingleton<HoldStore>();
        builder.Services.AddSingleton<AlertStore>();
        builder.Services.AddSingleton<RefusalStore>();
        builder.Services.AddSingleton<UserSeatQuery>();
        builder.Services.AddSingleton<WorkStore>();
        builder.Services.AddSeatWork();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, LicenseJsonContext.Default));
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseAdminApi();
        app.MapDefaultEndpoints();
        var licenses = app.MapAdminApi().MapGroup("/licenses");
        licenses.MapFactProjections();
        licenses.MapPools();
        licenses.MapAssignments();
        licenses.MapRules();
        licenses.MapWaiting();
        licenses.MapHolds();
        licenses.MapWork();
        licenses.MapUsers();
        licenses.MapHistory();
        return app;
    }
}
