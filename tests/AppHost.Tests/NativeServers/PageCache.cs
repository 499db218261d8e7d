using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppHost.Tests.NativeServers;

/// <summary>What the kernel holds of a file in memory: cachestat(2), Linux 6.5 and later.</summary>
internal static partial class PageCache
{
    private const long CacheStat = 451; // the same number for all processors

    /// <summary>Pages that were written into the file and are not on the disk yet, nor on their way.</summary>
    internal static long Dirty(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return TryDirty(file) ?? throw new InvalidOperationException($"cachestat of {path}: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>
    /// Skips the test where the kernel is too old, and on file systems that cannot tell: one in memory calls everything dirty; one
    /// that lies over another knows of nothing.
    /// </summary>
    internal static void SkipUnlessTold(string directory) => Assert.SkipUnless(
        IsTold(directory), "This kernel does not tell what is on the disk, or this file system is one where writing cannot be begun.");

    internal static bool IsTold(string directory)
    {
        var path = Path.Combine(directory, "synced");
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, 4096, FileOptions.DeleteOnClose);
        file.Write(new byte[8192]);
        file.Flush();
        if (TryDirty(file.SafeFileHandle) is not > 0) return false;
        file.Flush(flushToDisk: true);
        return TryDirty(file.SafeFileHandle) == 0;
    }

    private static long? TryDirty(SafeFileHandle file)
    {
        Range whole = default; // a length of 0: to the end
        Found found = default;
        return syscall(CacheStat, file, ref whole, ref found, 0) == 0 ? (long)found.Dirty : null;
    }

#pragma warning disable IDE1006 // the C library's own name
    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, SafeFileHandle file, ref Range range, ref Found found, uint flags);
#pragma warning restore IDE1006

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        internal ulong Offset, Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Found
    {
        internal ulong Cached, Dirty, BeingWritten, Evicted, RecentlyEvicted;
    }
}
