using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }
    string AppHostDirectory { get; }
    IServiceCollection Services { get; }
    DistributedApplicationExecutionContext ExecutionContext { get; }
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;
    DistributedApplication Build();
}

/// <summary>The local runtime only ever runs; publishing is Aspire's.</summary>
public class DistributedApplicationExecutionContext
{
    public bool IsRunMode { get; } = true;
    public bool IsPublishMode => !IsRunMode;
}
