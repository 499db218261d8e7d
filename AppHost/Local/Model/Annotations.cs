namespace Aspire.Hosting.ApplicationModel;

public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
    WaitUntilStarted,
}

public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource => resource;
    public WaitType WaitType => waitType;
    public int ExitCode => exitCode;
}

/// <summary>Values are texts or <see cref="IValueProvider"/>s; what they stand for is asked when the process starts.</summary>
public sealed class EnvironmentCallbackContext(Dictionary<string, object> environmentVariables)
{
    public Dictionary<string, object> EnvironmentVariables => environmentVariables;
}

public sealed class EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback) : IResourceAnnotation
{
    public Action<EnvironmentCallbackContext> Callback => callback;
}

public sealed class CommandLineArgsCallbackAnnotation(Action<IList<object>> callback) : IResourceAnnotation
{
    public Action<IList<object>> Callback => callback;
}

public sealed class ReplicaAnnotation(int replicas) : IResourceAnnotation
{
    public int Replicas => replicas;
}

/// <summary>Started by a command of the dashboard only.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Healthy when a GET of the path answers with the status.</summary>
internal sealed record HttpHealthAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

/// <summary>Where the project lies, and what its launch profile adds to the environment.</summary>
internal sealed record ProjectAnnotation(string ProjectPath) : IResourceAnnotation;
