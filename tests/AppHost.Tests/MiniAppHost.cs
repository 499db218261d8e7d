using System.Runtime.CompilerServices;
using AppHost.Tests.Hosting;
using Aspire.Hosting;

namespace AppHost.Tests;

/// <summary>
/// An AppHost in a process of its own, to be killed. It is this test program itself, started with a variable that makes
/// it run a system of one stubborn child instead of the tests.
/// </summary>
internal static class MiniAppHost
{
    internal const string Variable = "APPHOST_TESTS_MINI";
    internal const string Child = "stubborn";

#pragma warning disable CA2255 // the one place before the test framework's own Main
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } directory) return;
        Environment.SetEnvironmentVariable(Variable, null);
        RunAsync(directory).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    /// <summary>The child does not heed the signal that the kernel sends it when its AppHost dies.</summary>
    internal static void Model(IDistributedApplicationBuilder builder) =>
        builder.AddScript(Child, "trap '' TERM; echo ready; while :; do sleep 0.1; done").WithHttpEndpoint();

    private static async Task RunAsync(string directory)
    {
        await using var system = await TestSystem.StartAsync(Model, directory);
        await Task.Delay(TimeSpan.FromMinutes(1));
    }
}
