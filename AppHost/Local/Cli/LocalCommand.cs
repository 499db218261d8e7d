namespace LocalRuntime.Cli;

/// <summary>What the AppHost does instead of running the system, for <c>./run</c>.</summary>
internal sealed record LocalCommand(string Name, Func<CommandContext, CancellationToken, Task<int>> Run)
{
    private static readonly LocalCommand[] All =
    [
        new("--status", (context, _) => StatusCommand.RunAsync(context, asJson: context.Args.Contains("--json"))),
        new("--wait", WaitCommand.RunAsync),
        new("--stop", StopCommand.RunAsync),
        new("--reset", ResetCommand.RunAsync),
    ];

    internal static LocalCommand? Parse(string[] args) => Array.Find(All, command => args.Contains(command.Name));
}
