using PolicyService.Admin;
using PolicyService.Feed;
using PolicyService.Members;
using PolicyService.Policies;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService;

/// <summary>Builds the web application. Program runs it; tests run it in their own process.</summary>
internal static class PolicyApp
{
    /// <param name="configure">Runs after the service's own registrations, so that it can replace them.</param>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDatabase("policydb");
        builder.AddAdminApi();
        builder.AddFactProjections("messaging", FactQueue.Policy);
        builder.Services.AddSingleton<IFactReaction, MembershipFactReaction>();
        builder.Services.AddOptions<FeedOptions>().BindConfiguration(FeedOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<MembershipFeed>();
        builder.Services.AddSingleton<FeedSignal>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FeedSignal>());
        builder.Services.AddSingleton<FeedRetention>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FeedRetention>());
        builder.Services.AddSingleton<ChangeStream>();
        builder.Services.AddSingleton<PolicyStore>();
        builder.Services.AddSingleton<PolicyWriter>();
        builder.Services.AddSingleton<PolicyMembers>();
        builder.Services.AddSingleton<PolicyEvaluator>();
        builder.Services.AddSingleton<PreviewQuery>();
        builder.Services.AddSingleton<MembershipHistory>();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, PolicyJsonContext.Default));
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseAdminApi();
        app.MapDefaultEndpoints();
        var api = app.MapAdminApi();
        api.MapGroup("/policies").MapFactProjections();
        api.MapPolicies();
        api.MapMembership();
        api.MapEvaluation();
        api.MapChanges();
        api.MapPreview();
        api.MapHistory();
        return app;
    }
}
