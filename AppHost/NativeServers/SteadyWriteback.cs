using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Win32.SafeHandles;

namespace NativeServers;

/// <summary>
/// Has the kernel begin to write, every second, what is dirty in the files of a database that changed. Left to itself it lets
/// that lie for half a minute and then writes it all at once, hundreds of MB under load, and each flush of the write-ahead log
/// waits behind it for 100 to 500 ms. PostgreSQL does the same for what its checkpointer writes (<c>checkpoint_flush_after</c>),
/// but not for the pages by which a table grows. A machine that is a database server has a setting for it
/// (<c>vm.dirty_background_bytes</c>); a developer's machine is not changed for us. Without effect on a file system that lies over
/// another, as that of a container without a volume: it does not pass the call on.
/// </summary>
/// <param name="directory">With the files of each database in a directory of its own, as <c>base</c> of PostgreSQL.</param>
internal sealed partial class SteadyWriteback(string directory, TimeProvider clock)
{
    /// <summary>Bytes; smaller files cannot make anybody wait.</summary>
    private const long Least = 1 << 20;

    /// <summary>Begin, and do not wait for the end: SYNC_FILE_RANGE_WRITE.</summary>
    private const uint Write = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Spilled sorts and the like: mostly gone again before anybody would write them.</summary>
    private const string Temporary = "pgsql_tmp";

    private readonly EnumerationOptions everyFile = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };
    private DateTimeOffset lastLook = DateTimeOffset.MinValue;

    /// <summary>Begins; ends with the host.</summary>
    internal static SteadyWriteback Start(string directory, IServiceProvider services)
    {
        var writeback = new SteadyWriteback(directory, TimeProvider.System);
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _ = Task.Run(() => writeback.RunAsync(stopping), CancellationToken.None);
        return writeback;
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    BeginWriting(cancellationToken);
                }
                catch (IOException)
                {
                    // The directory could not be read; the next second is another.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The system stops.
        }
    }

    /// <summary>For files that were written since the last time; for how many it was begun.</summary>
    internal int BeginWriting(CancellationToken cancellationToken)
    {
        // What is written while this looks is for the next time, and so is what the file system's clock dates a tick earlier.
        var (since, looked) = (lastLook, clock.GetUtcNow() - Pause);
        var changed = new FileSystemEnumerable<string>(directory, (ref FileSystemEntry file) => file.ToFullPath(), everyFile)
        {
            ShouldRecursePredicate = (ref FileSystemEntry each) => !each.FileName.SequenceEqual(Temporary),
            ShouldIncludePredicate = (ref FileSystemEntry file) => !file.IsDirectory && file.Length >= Least && file.LastWriteTimeUtc >= since,
        };
        var begun = 0;
        foreach (var path in changed)
        {
            cancellationToken.ThrowIfCancellationRequested(); // the server's stop waits for this
            if (Begin(path)) begun++;
        }
        lastLook = looked;
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
