namespace AppHost.RunMode;

/// <summary>Writes files that only their owner may read. They are replaced atomically.</summary>
internal static class OwnerOnlyFile
{
    internal static void Write(string path, string content)
    {
        var fresh = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (var writer = new StreamWriter(fresh, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
                writer.Write(content);
            File.Move(fresh, path, overwrite: true);
        }
        catch (IOException error)
        {
            throw new StartupException($"{path} cannot be written: {error.Message}", error);
        }
    }
}
