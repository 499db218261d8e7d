using System.Globalization;

namespace AppHost.RunMode;

/// <summary>
/// Finds the processes started by an AppHost: DCP, its monitors, the servers and services. DCP detaches itself from the AppHost
/// and is found by its arguments (<c>--monitor PID</c>).
/// </summary>
internal static class ProcessTree
{
    private const int Init = 1;

    internal static IReadOnlyList<ProcessIdentity> Of(int root)
    {
        var children = new Dictionary<int, List<int>>();
        var open = new Queue<int>([root]);
        var found = new List<ProcessIdentity>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || ParentOf(pid) is not { } parent) continue;
            if (parent == Init && Monitors(pid, root)) parent = root;
            (children.TryGetValue(parent, out var known) ? known : children[parent] = []).Add(pid);
        }

        while (open.TryDequeue(out var pid))
        {
            foreach (var child in children.GetValueOrDefault(pid) ?? [])
            {
                open.Enqueue(child);
                if (ProcessIdentity.Of(child) is { } identity) found.Add(identity);
            }
        }

        return found;
    }

    /// <summary>The child processes of a process, in the order of their start.</summary>
    internal static IReadOnlyList<int> ChildrenOf(int pid)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool Monitors(int pid, int appHost)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
            return arguments.SkipWhile(argument => argument != "--monitor").ElementAtOrDefault(1) == appHost.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
