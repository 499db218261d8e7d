using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Win32.SafeHandles;

namespace NativeServers;

/// <summary>
/// Starts the kernel's writeback of changed database files every second. By default the kernel delays it for 30 s and then
/// writes hundreds of MB at once under load, and each flush of the write-ahead log waits 100 to 500 ms behind it. PostgreSQL
/// does the same for its checkpointer's writes (<c>checkpoint_flush_after</c>), but not for pages that extend a table. A
/// database server has a kernel setting for it (<c>vm.dirty_background_bytes</c>); the settings of a developer's machine are
/// not changed. Without effect on an overlay file system, such as that of a container without a volume: it does not pass the
/// call on.
/// </summary>
/// <param name="directory">Directory with one subdirectory of files per database, such as PostgreSQL's <c>base</c>.</param>
internal sealed partial class ContinuousWriteback(string directory, TimeProvider clock)
{
    /// <summary>Smallest file in bytes for which writeback is started; smaller files cause no delay.</summary>
    private const long Least = 1 << 20;

    /// <summary>SYNC_FILE_RANGE_WRITE: starts writeback without waiting for its end.</summary>
    private const uint Write = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Temporary files, such as spilled sorts, are skipped: most are deleted before they would be written.</summary>
    private const string Temporary = "pgsql_tmp";

    private readonly EnumerationOptions everyFile = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };
    private DateTimeOffset lastLook = DateTimeOffset.MinValue;

    /// <summary>Starts the loop, which ends with the host.</summary>
    internal static ContinuousWriteback Start(string directory, IServiceProvider services)
    {
        var writeback = new ContinuousWriteback(directory, TimeProvider.System);
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
                    // The directory could not be read; the next pass tries again.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The system stops.
        }
    }

    /// <summary>Starts writeback of files that changed since the last pass; returns the number of files.</summary>
    internal int BeginWriting(CancellationToken cancellationToken)
    {
        // Files that change during this pass are left to the next one, and so are files whose time stamp is one clock tick
        // earlier.
        var (since, looked) = (lastLook, clock.GetUtcNow() - Pause);
        var changed = new FileSystemEnumerable<string>(directory, (ref FileSystemEntry file) => file.ToFullPath(), everyFile)
        {
            ShouldRecursePredicate = (ref FileSystemEntry each) => !each.FileName.SequenceEqual(Temporary),
            ShouldIncludePredicate = (ref FileSystemEntry file) => !file.IsDirectory && file.Length >= Least && file.LastWriteTimeUtc >= since,
        };
        var begun = 0;
        foreach (var path in changed)
        {
            cancellationToken.ThrowIfCancellationRequested(); // the stop of the server waits for this loop
            if (Begin(path)) begun++;
        }
        lastLook = looked;
        return begun;
    }

    /// <summary>Returns false when the file was deleted or cannot be opened; the kernel then writes it by itself.</summary>
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

#pragma warning disable IDE1006 // name of the C library function
    /// <param name="bytes">0: to the end of the file.</param>
    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long bytes, uint flags);
#pragma warning restore IDE1006
}
