using DirectoryService.Admin;
using DirectoryService.Admin.Access;
using DirectoryService.Admin.Directories;
using DirectoryService.Events;
using DirectoryService.Feed;
using DirectoryService.Groups;
using DirectoryService.Lists;
using DirectoryService.Scim;
using DirectoryService.Users;
using Microsoft.AspNetCore.HttpOverrides;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.Storage;

namespace DirectoryService;

/// <summary>Builds the web application. Program runs it; tests run it in their own process.</summary>
internal static class DirectoryApp
{
    internal const string Database = "directorydb";
    internal const string Broker = "messaging";

    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        // The limit for a group with all its members; other bodies are limited to 1 MB by the gateway and by BodyReader.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            // Room for the longest filter, in which one character may take nine in the URL: 李 is %E6%9D%8E.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        });
        builder.AddDatabase(Database);
        builder.AddRabbitMQClient(Broker);
        builder.AddFactPublisher(Broker);
        builder.Services.AddSingleton<SigningKeys>();
        builder.AddAdminApi(services => services.GetRequiredService<SigningKeys>());
        builder.Services.AddStorage();
        builder.Services.AddEvents();
        builder.Services.AddScim();
        builder.Services.AddAdmin();
        // Only the gateway can reach this service. It sets these headers, so they contain the URL that the client used.
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        });

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/scim"), scim => scim.UseMiddleware<ScimErrors>());
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/scim"), api => api.UseAdminApiErrors());
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapScim();
        app.MapAdmin();
        StateFeedEndpoints.Map(app);
        // SCIM works without the broker, because facts wait in the outbox. So the broker is not part of readiness.
        app.MapDefaultEndpoints(check => check.Name == "PostgreSql" || check.Tags.Contains("live"));
        return app;
    }

    private static void AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<UserTable>();
        services.AddSingleton<UserInserts>();
        services.AddSingleton<GroupMemberWrites>();
        services.AddSingleton<GroupTable>();
        services.AddSingleton<DirectoryTable>();
        services.AddSingleton<ScimTokenTable>();
        services.AddSingleton<SearchAttributeTable>();
        services.AddOptions<SearchAttributeOptions>().BindConfiguration(SearchAttributeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<SearchAttributeBackfill>();
        services.AddSingleton<RemovedUserMembershipCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<RemovedUserMembershipCleanup>());
        services.AddSingleton<StateFeed>();
        services.AddSingleton<CurrentStateReader>();
    }

    private static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<FactPublisher>();
        services.AddSingleton<OutboxNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxNotifier>());
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService<EventPartitions>();
        services.AddOptions<MassDeactivationOptions>().BindConfiguration(MassDeactivationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<MassDeactivationMonitor>();
    }
}
