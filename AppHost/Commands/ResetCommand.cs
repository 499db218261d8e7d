using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary>
/// Stops the system and deletes its data, so that the next start is a first start. Only files of the system are deleted,
/// because the directory may be one that the user chose and also uses for other things.
/// </summary>
internal static class ResetCommand
{
    internal static async Task<int> RunAsync(DataLocation data, CancellationToken cancellationToken)
    {
        await StopCommand.RunAsync(data, cancellationToken);
        try
        {
            foreach (var server in DataLocation.ServerNames.Select(data.Server).Where(Directory.Exists)) Directory.Delete(server, recursive: true);
            foreach (var file in data.OwnFiles) File.Delete(file);
            foreach (var directory in new[] { data.Servers, data.State }.Where(directory => Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any()))
                Directory.Delete(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data in {data.Servers} cannot be removed: {error.Message}", error);
        }

        await Console.Out.WriteLineAsync($"Removed the data in {data.Servers}");
        return 0;
    }
}
