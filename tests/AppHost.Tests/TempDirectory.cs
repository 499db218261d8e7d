namespace AppHost.Tests;

/// <summary>Under /tmp, where the servers' accounts can reach it; gone afterwards.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory($"/tmp/apphost-tests-{Guid.NewGuid():n}").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Patient: a server that is just ending still writes its last files here, and then its directory is "not empty".</summary>
    public void Dispose()
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); ; Thread.Sleep(100))
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
            }
        }
    }
}
