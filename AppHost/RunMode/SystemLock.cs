namespace AppHost.RunMode;

/// <summary>A file lock held while a system runs. The kernel releases it when the process ends, however it ends.</summary>
internal sealed class SystemLock : IDisposable
{
    private const string FileName = "apphost.lock";

    private readonly FileStream file;

    private SystemLock(FileStream file) => this.file = file;

    internal static SystemLock Take(DataLocation data)
    {
        try
        {
            return new(new FileStream(data.File(FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            var running = SystemState.Read(data)?.AppHost.Pid;
            throw new StartupException($"The system already runs with the data in {data.State}{(running is { } pid ? $" (process {pid})" : "")}. ./run --status shows it, ./run --stop ends it.");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StartupException($"{data.State} belongs to another user: this system was started before by somebody else (root?). Start it as that user, or choose another directory with {DataLocation.Variable}.", error);
        }
    }

    public void Dispose() => file.Dispose();
}
