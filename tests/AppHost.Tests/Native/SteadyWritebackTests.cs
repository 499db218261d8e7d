using AppHost.Tests.Hosting;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;
using LocalRuntime.Native;
using Npgsql;

namespace AppHost.Tests.Native;

/// <summary>That tables reach the disk as they grow, and not all at once half a minute later.</summary>
public sealed class SteadyWritebackTests
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
        var writeback = new SteadyWriteback(directory.Path, TimeProvider.System);

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

        Assert.Equal(1, new SteadyWriteback(directory.Path, TimeProvider.System).BeginWriting(default));

        await Eventually.BecomesAsync("pages that are not on the disk", () => Task.FromResult(PageCache.Dirty(file)), dirty => dirty == 0, LongBefore);
    }

    [Fact]
    public async Task A_table_of_the_real_server_goes_to_the_disk_as_it_grows()
    {
        using var directory = new TempDirectory();
        PageCache.SkipUnlessTold(directory.Path);
        PostgresDatabaseResource? resource = null;
        await using var system = await TestSystem.StartAsync(
            builder => resource = builder.AddPostgres("server").AddDatabase("appdb", "app").Resource, directory.Path,
            settings => settings with { StopGrace = TimeSpan.FromSeconds(10) });
        await system.BecomesAsync("appdb", snapshot => snapshot.State == ResourceState.Running, TimeSpan.FromSeconds(90));
        await using var database = NpgsqlDataSource.Create((await resource!.GetValueAsync())!);

        await using var grow = database.CreateCommand("CREATE TABLE grown AS SELECT n, repeat('x', 1000) AS filling FROM generate_series(1, 30000) n");
        await grow.ExecuteNonQueryAsync();
        await using var where = database.CreateCommand("SELECT current_setting('data_directory') || '/' || pg_relation_filepath('grown')");
        var file = (string)(await where.ExecuteScalarAsync())!;

        await Eventually.BecomesAsync("pages that are not on the disk", () => Task.FromResult(PageCache.Dirty(file)), dirty => dirty == 0, LongBefore);
    }
}
