using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AppHost.Demo;

internal static class DemoExtensions
{
    /// <summary>Sets up one directory per identity provider through the public API once the gateway and the license service are ready.</summary>
    /// <param name="endpointsFile">Full path of the file with their URLs and tokens.</param>
    internal static IResourceBuilder<DemoDirectoriesResource> AddDemoDirectories(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey,
        IResourceBuilder<ProjectResource> license, string endpointsFile)
    {
        var demo = new DemoDirectoriesResource(name, gateway, adminApiKey, endpointsFile);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<DemoSetupService>(services, demo, (string[])[gateway.Resource.Name, license.Resource.Name]));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<DemoSetupService>());
        return builder.AddResource(demo)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Demo", State = KnownResourceStates.Waiting, Properties = [] })
            .WithIconName("Beaker")
            .WithReferenceRelationship(gateway)
            .WithCommand("reset-demo", "Reset the demo", context => context.Services.GetRequiredService<DemoSetupService>().ResetAsync(context.CancellationToken), new CommandOptions
            {
                IconName = "ArrowReset",
                Description = "Deletes the demo's directories with all their users and groups, and sets up new ones with new tokens.",
                ConfirmationMessage = "Delete the demo's directories with all their users and groups, and set up new ones?",
                UpdateState = state => state.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });
    }
}
