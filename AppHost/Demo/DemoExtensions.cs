using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Demo;

internal static class DemoExtensions
{
    /// <summary>Sets up one directory per identity provider through the public API once the gateway and the license service are ready.</summary>
    internal static IResourceBuilder<DemoDirectoriesResource> AddDemoDirectories(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ProjectResource> gateway,
        ReferenceExpression adminApiKey,
        IResourceBuilder<ProjectResource> license,
        string endpointsFile)
    {
        var demo = new DemoDirectoriesResource(name, gateway.GetEndpoint("http"), adminApiKey);
        builder.Services.AddSingleton(new DemoSettings(demo, [gateway.Resource.Name, license.Resource.Name], endpointsFile));
        builder.Services.AddHostedService<DemoDirectories>();
        return builder.AddResource(demo);
    }
}

/// <param name="Needs">The resources whose API is used.</param>
internal sealed record DemoSettings(DemoDirectoriesResource Resource, IReadOnlyList<string> Needs, string EndpointsFile);
