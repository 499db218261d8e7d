using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Hosting;
using LocalRuntime.State;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Tests.Hosting;

/// <summary>A small system of shell scripts, with short times, in a directory of its own.</summary>
internal sealed class TestSystem : IAsyncDisposable
{
    private readonly DistributedApplication _application;
    private readonly TempDirectory? _ownDirectory;

    private TestSystem(DistributedApplication application, TempDirectory? ownDirectory) => (_application, _ownDirectory) = (application, ownDirectory);

    public ResourceBoard Board => _application.Services.GetRequiredService<ResourceBoard>();

    public static LocalSettings Settings(string directory) => new()
    {
        AppHostDirectory = directory,
        Data = new DataLocation(directory, directory),
        WaitBound = TimeSpan.FromSeconds(20),
        StopGrace = TimeSpan.FromSeconds(1),
        Restarts = new RestartPolicy { First = TimeSpan.FromMilliseconds(50), Longest = TimeSpan.FromSeconds(1), Tries = 3 },
        Terminal = TextWriter.Null,
    };

    /// <param name="directory">Kept; if none is given the system has one of its own, which goes with it.</param>
    public static async Task<TestSystem> StartAsync(
        Action<IDistributedApplicationBuilder> model, string? directory = null, Func<LocalSettings, LocalSettings>? settings = null)
    {
        var own = directory is null ? new TempDirectory() : null;
        var defaults = Settings(directory ?? own!.Path);
        var builder = new DistributedApplicationBuilder([], settings?.Invoke(defaults) ?? defaults);
        model(builder);
        var system = new TestSystem(builder.Build(), own);
        try
        {
            await system._application.StartAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public Task StopAsync() => _application.StopAsync();

    public ResourceSnapshot this[string displayName] => Board.Find(displayName)!;

    public Task CommandAsync(string displayName, ResourceCommand command) => Board.OnCommand!(displayName, command, CancellationToken.None);

    public async Task<ResourceSnapshot> BecomesAsync(string displayName, Func<ResourceSnapshot, bool> accept, TimeSpan? bound = null) =>
        (await Eventually.BecomesAsync($"state of {displayName}", () => Task.FromResult(this[displayName]), accept, bound)).Value;

    public Task<ResourceSnapshot> BecomesAsync(string displayName, ResourceState state) => BecomesAsync(displayName, snapshot => snapshot.State == state);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _ownDirectory?.Dispose();
    }
}

internal static class Scripts
{
    /// <summary>A resource that runs a bash script.</summary>
    public static IResourceBuilder<ExecutableResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/bash", "/", "-c", script);
}
