using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Building;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <summary>With the first profile of the project's launch settings.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var path = new TProject().ProjectPath;
        return builder.AddProject(name, path, LaunchProfile.First(path));
    }

    /// <summary>With that profile, or with none: then it has no endpoint either.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var path = new TProject().ProjectPath;
        return builder.AddProject(name, path, launchProfileName is null ? null : LaunchProfile.Named(path, launchProfileName));
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.With(new ReplicaAnnotation(replicas));

    private static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string path, LaunchProfile? profile)
    {
        var project = builder.AddResource(new ProjectResource(name)).With(new ProjectAnnotation(path));
        if (profile is null) return project;
        foreach (var url in profile.Urls) project.With(new EndpointAnnotation(url.Scheme, url.Scheme, url.Port));
        return project.With(new EnvironmentCallbackAnnotation(context =>
        {
            foreach (var (variable, value) in profile.Environment) context.EnvironmentVariables[variable] = value;
            context.EnvironmentVariables["DOTNET_LAUNCH_PROFILE"] = profile.Name;
        }));
    }
}
