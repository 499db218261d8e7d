using System.Text.Json;
using IdpSimulator.Cli;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Options.Help);
    return 0;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    var options = Options.Parse(args);
    if (options.WholeTenant)
    {
        var (_, endpoints) = await SystemEndpoints.OfAsync(options, stop.Token);
        return await new TenantRun(options, Console.Out, Console.Error).PlayAsync(endpoints, stop.Token) ? 0 : 1;
    }
    var players = await VariantPlayer.ChooseAsync(options, stop.Token);
    return await new Run(options, Console.Out).PlayAsync(players, stop.Token) ? 0 : 1;
}
catch (UsageException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
catch (JsonException error)
{
    await Console.Error.WriteLineAsync($"The endpoints file cannot be read: {error.Message}");
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
