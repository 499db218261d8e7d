using LocalRuntime;

namespace Runner;

/// <param name="Assembly">Its built executable.</param>
internal sealed record TestProject(string Name, string Assembly)
{
    private const string Suffix = ".Tests", Framework = "net10.0";

    /// <summary>Short, lower case: a virtual host of its own on the broker.</summary>
    internal string VirtualHost => Name[..^Suffix.Length].ToLowerInvariant();

    /// <summary>The projects that were asked for, those of single services before those that need the whole system.</summary>
    internal static IReadOnlyList<TestProject> Find(RunnerOptions options)
    {
        var all = Directory.GetDirectories(Path.Combine(options.Root, "tests"), "*" + Suffix)
            .Select(directory => Path.GetFileName(directory))
            .OrderBy(name => name.StartsWith("EndToEnd", StringComparison.Ordinal))
            .ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => new TestProject(name, Path.Combine(options.Root, "tests", name, "bin", options.Configuration, Framework, name + ".dll")))
            .ToList();
        var unknown = options.Names.Where(name => !all.Exists(project => project.Matches(name))).ToList();
        if (unknown.Count > 0) throw new StartupException($"No test project is called {string.Join(" or ", unknown)}. There are {string.Join(", ", all.Select(project => project.Name))}.");
        return options.Names.Count == 0 ? all : all.FindAll(project => options.Names.Any(project.Matches));
    }

    private bool Matches(string part) => Name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
