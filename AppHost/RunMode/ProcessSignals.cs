using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AppHost.RunMode;

/// <summary>SIGTERM and SIGKILL.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
}

internal static partial class ProcessSignals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to a process; returns false when there is no such process.</summary>
    internal static bool Send(int pid, Signal signal)
    {
        if (kill(pid, (int)signal) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"{signal} could not be sent to process {pid}");
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name
    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
