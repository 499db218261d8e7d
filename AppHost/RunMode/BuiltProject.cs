using System.Reflection;

namespace AppHost.RunMode;

/// <summary>
/// Starts a project from its build output. Aspire's <c>dotnet run --no-build</c> keeps an extra process of 75 MB per project
/// and takes seconds to start; the build of the AppHost has already built all projects in its configuration.
/// </summary>
internal static class BuiltProject
{
    /// <exception cref="StartupException">The project is not built.</exception>
    internal static void StartFromOutput(ProjectResource project)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        var directory = Path.GetDirectoryName(path)!;
        var configuration = typeof(BuiltProject).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var framework = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(directory, "bin", configuration, framework, Path.GetFileNameWithoutExtension(path));
        if (!File.Exists(program)) throw new StartupException($"{program} is not built. Start the system with ./run, or build Provisioning.sln.");
        project.Annotations.Add(new ExecutableAnnotation { Command = program, WorkingDirectory = directory });
    }
}
