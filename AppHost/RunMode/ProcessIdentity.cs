using System.Globalization;

namespace AppHost.RunMode;

/// <summary>
/// Identifies a process also after its id was reused: the pair of id and start time, in clock ticks since boot, is unique per
/// boot.
/// </summary>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string BootId)
{
    private const int StateField = 3, StartTimeField = 22; // proc(5), counted from 1
    private static readonly Lazy<string> ThisBoot = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The identity of a running process; null when there is none or it is a zombie.</summary>
    internal static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may contain any character, so fields are counted after the last parenthesis.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, long.Parse(fields[StartTimeField - StateField], CultureInfo.InvariantCulture), ThisBoot.Value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal bool IsAlive => Of(Pid) == this;

    /// <summary>The name of the running program (first 15 characters); null when it has ended.</summary>
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
