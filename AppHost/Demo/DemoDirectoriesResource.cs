namespace AppHost.Demo;

/// <summary>Resource of the demo tenants. It is running once every tenant has a working token.</summary>
internal sealed class DemoDirectoriesResource(string name, IResourceBuilder<ProjectResource> gateway, ReferenceExpression adminApiKey, string endpointsFile) : Resource(name)
{
    internal IResourceBuilder<ProjectResource> Gateway => gateway;
    internal ReferenceExpression AdminApiKey => adminApiKey;

    /// <summary>Full path of the file in which tools find the URLs and tokens.</summary>
    internal string EndpointsFile => endpointsFile;
}
