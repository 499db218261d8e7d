using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LocalRuntime.Processes;

/// <summary>The signals that end a program politely, and the one that does not ask.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

internal static partial class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends it to one process; false when there is none of that id.</summary>
    internal static bool Send(int pid, Signal signal) => Kill(pid, signal);

    /// <summary>Sends it to every process of the session that the child leads.</summary>
    internal static bool SendToGroup(int leader, Signal signal) => Kill(-leader, signal);

    private static bool Kill(int pid, Signal signal)
    {
        if (kill(pid, (int)signal) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"{signal} could not be sent to process {Math.Abs(pid)}");
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name
    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
