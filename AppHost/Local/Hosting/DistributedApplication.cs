using LocalRuntime;
using LocalRuntime.Cli;
using LocalRuntime.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public class DistributedApplication : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string[] _args;

    internal DistributedApplication(IHost host, string[] args) => (_host, _args) = (host, args);

    public IServiceProvider Services => _host.Services;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            return DistributedApplicationBuilder.FromEnvironment(args);
        }
        catch (StartupException error)
        {
            Console.Error.WriteLine(error.Message);
            Environment.Exit(1);
            throw;
        }
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until it is told to end, or carries out the command it was started with; says why it cannot.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (LocalCommand.Parse(_args) is { } command) Environment.ExitCode = await command.Run(CommandContext, cancellationToken);
            else await RunUntilStoppedAsync(cancellationToken);
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private CommandContext CommandContext =>
        new(Services.GetRequiredService<LocalSettings>(), Services.GetRequiredService<DistributedApplicationModel>(), _args);

    private async Task RunUntilStoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _host.StartAsync(cancellationToken);
        }
        catch (StartupException)
        {
            await _host.StopAsync(CancellationToken.None); // what had started before the failure
            throw;
        }

        await _host.WaitForShutdownAsync(cancellationToken);
        if (Services.GetRequiredService<Orchestrator>().Failure is { } failure) throw new StartupException(failure);
    }
}
