using System.Globalization;

namespace AppHost.RunMode;

/// <summary>
/// Tells a process from a later one that happens to get the same id: an id and the moment it started, in clock ticks
/// since boot, occur together only once per boot.
/// </summary>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string BootId)
{
    private const int StateField = 3, StartTimeField = 22; // proc(5), counted from 1
    private static readonly Lazy<string> ThisBoot = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The identity of a running process; null when there is none, or only its unread exit code is left.</summary>
    internal static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may hold anything, so fields are counted from the last one.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, long.Parse(fields[StartTimeField - StateField], CultureInfo.InvariantCulture), ThisBoot.Value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal bool IsAlive => Of(Pid) == this;

    /// <summary>The name of the program it runs now (its first 15 characters), or null when it is gone.</summary>
    internal string? Program
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/{Pid}/comm").TrimEnd('\n');
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
