namespace AppHost.Tests;

/// <summary>Under /tmp, where the servers' accounts can reach it; gone afterwards.</summary>
internal sealed class TempDirectory : IDisposable, IAsyncDisposable
{
    public string Path { get; } = Directory.CreateDirectory($"/tmp/apphost-tests-{Guid.NewGuid():n}").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>For directories of servers: one that is just ending still writes its last files, and the directory is "not empty".</summary>
    public async ValueTask DisposeAsync() => await Eventually.TrueAsync($"{Path} to be deleted", () => Task.FromResult(TryDelete()));

    private bool TryDelete()
    {
        try
        {
            Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
