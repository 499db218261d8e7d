using System.Reflection;
using AppHost.RunMode;
using Microsoft.Extensions.Configuration;

namespace AppHost.Commands;

/// <summary>Runs a command of <c>./run</c> (status, wait, stop, reset) instead of the system.</summary>
internal static class SystemCommand
{
    private static readonly Dictionary<string, Func<DataLocation, string[], CancellationToken, Task<int>>> All = new(StringComparer.Ordinal)
    {
        ["--status"] = (data, args, _) => StatusCommand.RunAsync(data, asJson: args.Contains("--json")),
        ["--wait"] = WaitCommand.RunAsync,
        ["--stop"] = (data, _, cancellationToken) => StopCommand.RunAsync(data, cancellationToken),
        ["--reset"] = (data, _, cancellationToken) => ResetCommand.RunAsync(data, cancellationToken),
    };

    /// <summary>Runs the command named by the arguments and returns its exit code; null when they name none.</summary>
    internal static async Task<int?> RunAsync(string[] args)
    {
        if (args.FirstOrDefault(All.ContainsKey) is not { } name) return null;
        try
        {
            var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            return await All[name](RunSettings.Read(environment, AppHostDirectory).Data, args, CancellationToken.None);
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <summary>The directory of AppHost.csproj, which the Aspire SDK writes into the assembly.</summary>
    private static string AppHostDirectory => typeof(SystemCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(metadata => metadata.Key.Equals("AppHostProjectPath", StringComparison.OrdinalIgnoreCase)).Value!;
}
