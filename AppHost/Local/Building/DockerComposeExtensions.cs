namespace Aspire.Hosting;

public static class DockerComposeEnvironmentExtensions
{
    /// <summary>Only <c>aspire publish</c> has a use for it.</summary>
    public static IDistributedApplicationBuilder AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, string name)
    {
        _ = name;
        return builder;
    }
}
