using System.Globalization;
using System.Runtime.InteropServices;

namespace LocalRuntime.Processes;

/// <summary>An account of the machine.</summary>
internal sealed partial record UnixUser(string Name, int Uid, int Gid)
{
    private const string Accounts = "/etc/passwd";

    internal static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>The account of that name, or null.</summary>
    internal static UnixUser? Find(string name) => File.ReadLines(Accounts).Select(Parse).FirstOrDefault(user => user?.Name == name);

    /// <summary>Creates the directory if it is not there, private to this user.</summary>
    internal void OwnDirectory(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(path);
    }

    internal void Own(string path)
    {
        if (chown(path, Uid, Gid) != 0) throw new StartupException($"{path} cannot be given to the user {Name} (error {Marshal.GetLastPInvokeError()}).");
    }

    private static UnixUser? Parse(string line) => line.Split(':') is [var name, _, var uid, var gid, ..]
        ? new(name, int.Parse(uid, CultureInfo.InvariantCulture), int.Parse(gid, CultureInfo.InvariantCulture))
        : null;

#pragma warning disable IDE1006 // the C library's own name
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, int owner, int group);
#pragma warning restore IDE1006
}
