namespace AppHost.Tests;

/// <summary>Under /tmp, where the servers' accounts can reach it; gone afterwards.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory($"/tmp/apphost-tests-{Guid.NewGuid():n}").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
