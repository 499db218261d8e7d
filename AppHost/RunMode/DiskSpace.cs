namespace AppHost.RunMode;

/// <summary>Checks the free disk space before the start: a database that runs out of disk fails while it works.</summary>
internal static class DiskSpace
{
    private const long Needed = 300L << 20; // a new cluster, the broker's files, the first write-ahead logs

    internal static void Check(DataLocation data)
    {
        var free = new DriveInfo(data.Servers).AvailableFreeSpace;
        if (free < Needed)
            throw new StartupException($"Only {free >> 20} MB are free on the disk of {data.Servers}; the servers need {Needed >> 20} MB. Free some, or choose another disk with {DataLocation.Variable}.");
    }
}
