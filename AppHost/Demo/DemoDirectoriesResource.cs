namespace AppHost.Demo;

/// <summary>The demo tenants: running once every one of them has a token that works.</summary>
internal sealed class DemoDirectoriesResource(string name, EndpointReference gateway, ReferenceExpression adminApiKey) : Resource(name)
{
    internal EndpointReference Gateway => gateway;
    internal ReferenceExpression AdminApiKey => adminApiKey;
}
