using LocalRuntime;

namespace Runner;

/// <param name="Root">Of the repository.</param>
/// <param name="Configuration">Which build is tested.</param>
/// <param name="Names">Parts of project names; all projects if none.</param>
internal sealed record RunnerOptions(string Root, string Configuration, bool OnlyServers, IReadOnlyList<string> Names)
{
    /// <summary><c>--root DIR [--configuration NAME] [--servers] [PROJECT…]</c></summary>
    internal static RunnerOptions Parse(IReadOnlyList<string> args)
    {
        var options = new RunnerOptions("", "Debug", OnlyServers: false, []);
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--root" => options with { Root = Value(args, ref i) },
                "--configuration" => options with { Configuration = Value(args, ref i) },
                "--servers" => options with { OnlyServers = true },
                ['-', ..] => throw new StartupException($"Unknown option {args[i]}. ./test [--servers] [PROJECT…]"),
                var name => options with { Names = [.. options.Names, name] },
            };
        }

        return options.Root.Length > 0 ? options : throw new StartupException("--root is missing; ./test passes it.");
    }

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new StartupException($"{args[i - 1]} needs a value.");
}
