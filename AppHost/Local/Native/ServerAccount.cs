using LocalRuntime.Processes;

namespace LocalRuntime.Native;

/// <summary>
/// PostgreSQL refuses to run as root, and nothing here should: started as root, a server becomes the account that its
/// package made; started as anybody else, it runs as that user.
/// </summary>
internal static class ServerAccount
{
    internal static UnixUser? For(string account, string server) => !UnixUser.IsRoot
        ? null
        : UnixUser.Find(account) ?? throw new StartupException(
            $"There is no account '{account}', which {server} needs to run without root's rights. Its Debian package creates it; ./run installs that.");

    /// <summary>Creates the server's directory if need be, and sees to it that the server can enter it.</summary>
    internal static void PrepareDirectory(string directory, UnixUser? user)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
            if (user is not null) user.OwnDirectory(directory);
            else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _ = Directory.EnumerateFileSystemEntries(directory).Any();
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException(
                $"{directory} belongs to another user: this system was started before by somebody else (root?). Start it as that user, or remove the directory.");
        }
        catch (IOException error)
        {
            throw new StartupException($"{directory} cannot be used: {error.Message}", error);
        }
    }
}
