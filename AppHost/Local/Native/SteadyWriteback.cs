using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalRuntime.Native;

/// <summary>
/// Has the kernel begin to write, every second, what was added to the files of a database. Left to itself it lets that lie for
/// half a minute and then writes it all at once, hundreds of MB under load, and each flush of the write-ahead log waits behind
/// it for 100 to 500 ms. PostgreSQL does the same for what its checkpointer writes (<c>checkpoint_flush_after</c>), but not for
/// pages by which a table grows. A machine that is a database server has a setting for it (<c>vm.dirty_background_bytes</c>);
/// a developer's machine is not changed for us.
/// </summary>
/// <param name="directory">With the files of each database in a directory of its own, as <c>base</c> of PostgreSQL.</param>
internal sealed partial class SteadyWriteback(string directory)
{
    /// <summary>Bytes; smaller files cannot make anybody wait.</summary>
    private const long Least = 1 << 20;

    /// <summary>Begin, and do not wait for the end: SYNC_FILE_RANGE_WRITE.</summary>
    private const uint Write = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly EnumerationOptions _everyFile = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(cancellationToken)) BeginWriting();
    }

    /// <summary>For files that were written since the last time; how many they were.</summary>
    internal int BeginWriting()
    {
        // The latest of them is taken again, since it may have been written again at the same tick of the file system's clock.
        var since = _latest;
        var changed = new FileSystemEnumerable<(string Path, DateTimeOffset Written)>(
            directory, (ref FileSystemEntry file) => (file.ToFullPath(), file.LastWriteTimeUtc), _everyFile)
        {
            ShouldIncludePredicate = (ref FileSystemEntry file) => !file.IsDirectory && file.Length >= Least && file.LastWriteTimeUtc >= since,
        };
        var begun = 0;
        foreach (var (path, written) in changed)
        {
            if (Begin(path)) begun++;
            if (written > _latest) _latest = written;
        }
        return begun;
    }

    /// <summary>False: it is gone, or cannot be opened, and the kernel writes it in its own time.</summary>
    private static bool Begin(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return sync_file_range(file, 0, 0, Write) == 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

#pragma warning disable IDE1006 // the C library's own name
    /// <param name="bytes">0: to the end of the file.</param>
    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long bytes, uint flags);
#pragma warning restore IDE1006
}
