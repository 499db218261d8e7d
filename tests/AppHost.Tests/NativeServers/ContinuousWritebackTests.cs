using NativeServers;

namespace AppHost.Tests.NativeServers;

/// <summary>That tables reach the disk as they grow, and not all at once half a minute later.</summary>
public sealed class ContinuousWritebackTests
{
    /// <summary>The kernel leaves what is written alone for 30 s.</summary>
    private static readonly TimeSpan LongBefore = TimeSpan.FromSeconds(15);

    [Fact]
    public void Only_large_files_that_were_written_since_the_last_time_are_taken()
    {
        using var directory = new TempDirectory();
        var now = TimeProvider.System.GetUtcNow();
        Write("1/older", 2 << 20, now.AddMinutes(-2));
        Write("1/newer", 2 << 20, now.AddMinutes(-1));
        Write("2/small", 1000, now.AddMinutes(-1));
        Write("pgsql_tmp/spilled", 2 << 20, now.AddMinutes(-1));
        var writeback = new ContinuousWriteback(directory.Path, TimeProvider.System);

        Assert.Equal(2, writeback.BeginWriting(default));
        Assert.Equal(0, writeback.BeginWriting(default));
        Write("1/older", 2 << 20, now.AddDays(1)); // by a clock that was set back since
        Assert.Equal(1, writeback.BeginWriting(default));
        Write("1/newer", 2 << 20, TimeProvider.System.GetUtcNow());
        Assert.Equal(2, writeback.BeginWriting(default));

        void Write(string name, int bytes, DateTimeOffset at)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(directory.File(name))!);
            File.WriteAllBytes(directory.File(name), new byte[bytes]);
            File.SetLastWriteTimeUtc(directory.File(name), at.UtcDateTime);
        }
    }

    [Fact]
    public async Task What_was_written_goes_to_the_disk()
    {
        using var directory = new TempDirectory();
        PageCache.SkipUnlessTold(directory.Path);
        Directory.CreateDirectory(directory.File("1"));
        var file = directory.File("1/2");
        // Open until the end: what is closed some file systems write at once.
        await using var written = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        await written.WriteAsync(new byte[8 << 20]);
        await written.FlushAsync();
        Assert.NotEqual(0, PageCache.Dirty(file));

        Assert.Equal(1, new ContinuousWriteback(directory.Path, TimeProvider.System).BeginWriting(default));

        await Eventually.BecomesAsync("pages that are not on the disk", () => Task.FromResult(PageCache.Dirty(file)), dirty => dirty == 0, LongBefore);
    }
}
