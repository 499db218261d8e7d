namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that the resource listens on; with replicas each of them has one of its own.</summary>
public sealed class EndpointAnnotation(string name, string scheme, int? port) : IResourceAnnotation
{
    public string Name => name;
    public string UriScheme => scheme;

    /// <summary>The port that is wanted; if none, a free one is taken and remembered.</summary>
    public int? Port => port;

    public bool IsExternal { get; set; }

    /// <summary>The variable that tells the process its port, for programs that are not ASP.NET Core.</summary>
    internal string? PortVariable { get; init; }

    /// <summary>The resolvable name under which clients reach it.</summary>
    internal string Host { get; init; } = "localhost";

    /// <summary>One port per replica, set before anything starts.</summary>
    internal IReadOnlyList<int> AllocatedPorts { get; set; } = [];

    internal string Url(int replica) => $"{UriScheme}://{Host}:{AllocatedPorts[replica]}";
}
