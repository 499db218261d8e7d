using System.Globalization;

namespace AppHost.RunMode;

internal static class ResidentMemory
{
    /// <summary>Resident memory of a process in MB; null when it has ended.</summary>
    internal static long? OfProcess(int pid)
    {
        const string prefix = "VmRSS:";
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[prefix.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
