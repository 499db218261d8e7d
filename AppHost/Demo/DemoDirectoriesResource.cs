namespace AppHost.Demo;

/// <summary>The demo tenants: running once every one of them has a token that works.</summary>
internal sealed class DemoDirectoriesResource(string name, IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey, string endpointsFile) : Resource(name)
{
    internal IResourceBuilder<ProjectResource> Gateway => gateway;
    internal ReferenceExpression AdminApiKey => adminApiKey;

    /// <summary>Where tools find the running system. Full path.</summary>
    internal string EndpointsFile => endpointsFile;
}
