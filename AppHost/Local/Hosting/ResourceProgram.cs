using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Health;
using LocalRuntime.Native;
using LocalRuntime.Processes;

namespace LocalRuntime.Hosting;

/// <summary>One replica of a project or executable of the model.</summary>
internal sealed class ResourceProgram(IResource resource, int replica, string displayName) : IProgram
{
    private readonly IReadOnlyList<EndpointAnnotation> _endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>()];

    public async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        var (program, first, directory) = CommandLine();
        var environment = InheritedEnvironment.Read();
        var variables = new Dictionary<string, ResourceVariable>(StringComparer.Ordinal);
        foreach (var variable in Own().Concat(await ResourceValues.EnvironmentAsync(resource, cancellationToken))) variables[variable.Key] = variable;
        foreach (var (key, value, _) in variables.Values) environment[key] = value;
        return new(program, [.. first, .. await ResourceValues.ArgumentsAsync(resource, cancellationToken)])
        {
            WorkingDirectory = directory,
            Environment = environment,
            Variables = [.. variables.Values.OrderBy(variable => variable.Key, StringComparer.Ordinal)],
        };
    }

    public async Task<Wellness> ProbeAsync(CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthAnnotation>())
        {
            var endpoint = _endpoints.FirstOrDefault(endpoint => check.EndpointName is null || endpoint.Name == check.EndpointName)
                ?? throw new StartupException($"The health check of '{resource.Name}' has no endpoint to ask.");
            var wellness = await HttpProbe.GetAsync(new Uri(new Uri(endpoint.Url(replica)), check.Path), check.StatusCode, cancellationToken);
            if (!wellness.IsWell) return wellness;
        }

        return Wellness.Well;
    }

    /// <summary>What every process of this kind gets, whatever the model says.</summary>
    private IEnumerable<ResourceVariable> Own()
    {
        foreach (var endpoint in _endpoints)
            if (endpoint.PortVariable is { } variable) yield return new(variable, endpoint.AllocatedPorts[replica].ToString(CultureInfo.InvariantCulture));
        if (resource is not ProjectResource) yield break;
        if (_endpoints.Count > 0) yield return new("ASPNETCORE_URLS", string.Join(';', _endpoints.Select(endpoint => endpoint.Url(replica))));
        yield return new("OTEL_SERVICE_NAME", resource.Name);
        yield return new("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={displayName}");
        // Web projects ask for the server garbage collector, whose heap per core is too much for a dozen processes on one desk.
        yield return new("DOTNET_gcServer", "0");
    }

    private (string Program, IReadOnlyList<string> Arguments, string Directory) CommandLine()
    {
        if (resource is ExecutableResource executable) return (executable.Command, [], executable.WorkingDirectory);
        var project = resource.Annotations.OfType<ProjectAnnotation>().Single().ProjectPath;
        var assembly = BuiltAssembly(project, AppContext.BaseDirectory);
        return File.Exists(assembly)
            ? (DotNet, [assembly], Path.GetDirectoryName(project)!)
            : throw new StartupException($"{assembly} is missing. Build the solution: dotnet build Provisioning.sln");
    }

    /// <summary>All projects build into <c>bin/CONFIGURATION/FRAMEWORK</c> of their own folder; so did this program.</summary>
    internal static string BuiltAssembly(string projectPath, string ownOutput)
    {
        var framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(ownOutput));
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(ownOutput))!);
        return Path.Combine(Path.GetDirectoryName(projectPath)!, "bin", configuration, framework, Path.GetFileNameWithoutExtension(projectPath) + ".dll");
    }

    /// <summary>The host of the runtime that runs this program: …/shared/Microsoft.NETCore.App/VERSION is below it.</summary>
    private static string DotNet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
