using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from the configuration (<c>Parameters:NAME</c>), else made at the first start; with <paramref name="persist"/> it is kept for the next.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var secrets = ((DistributedApplicationBuilder)builder).Secrets;
        return builder.AddResource(new ParameterResource(name, _ => Configured(builder, name)
            ?? (persist ? secrets.GetOrCreate(name, value.GetDefaultValue) : value.GetDefaultValue()), secret));
    }

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    /// <summary>The password of a server for which none was given, as long as Aspire's.</summary>
    internal static ParameterResource GeneratedPassword(this IDistributedApplicationBuilder builder, string server) =>
        builder.AddParameter(server + "-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true).Resource;

    private static string? Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration.GetSection("Parameters")[name] is { Length: > 0 } value ? value : null;
}
