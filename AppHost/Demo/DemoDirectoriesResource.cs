namespace AppHost.Demo;

/// <summary>What the demo resource holds: the gateway, the key and the file. <see cref="DemoSetupService"/> does the work and sets its state.</summary>
internal sealed class DemoDirectoriesResource(string name, IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey, string endpointsFile) : Resource(name)
{
    internal IResourceBuilder<ProjectResource> Gateway => gateway;
    internal ReferenceExpression AdminApiKey => adminApiKey;

    /// <summary>Full path of the file in which tools find the URLs and tokens.</summary>
    internal string EndpointsFile => endpointsFile;
}
