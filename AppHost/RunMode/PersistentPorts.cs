using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AppHost.RunMode;

/// <summary>
/// Assigns ports to endpoints and stores them, so that bookmarks and configured clients keep working after a restart. The port
/// of an internal endpoint is replaced only when another program uses it.
/// </summary>
internal sealed class PersistentPorts
{
    // Below Linux's range of ephemeral ports.
    private const int First = 15_200, Last = 18_999;

    private readonly string path;
    private readonly SortedDictionary<string, int> kept;
    private readonly HashSet<int> given = [];
    private readonly int offset;
    private int next;

    internal PersistentPorts(string path, int offset)
    {
        (this.path, this.offset) = (path, offset);
        kept = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, int>>(File.ReadAllText(path))! : [];
        // A random start, so that two systems that start for the first time at the same moment rarely choose the same port.
        next = Random.Shared.Next(First, Last - (Last - First) / 4);
    }

    /// <summary>A fixed port, which users and other programs rely on.</summary>
    /// <param name="chosen">The user's choice, to which the offset is not added; null for the usual port.</param>
    /// <param name="variable">Environment variable with which the user can choose another port.</param>
    internal int Fixed(string name, int usual, int? chosen, string variable)
    {
        var port = chosen ?? usual + offset;
        if (!IsFree(port))
            throw new StartupException($"Port {port} ({name}) is used by another program. Stop that one (ss -ltnp shows it), or choose another with {variable}=PORT.");
        return Allocate(name, port);
    }

    /// <summary>The port of the last start, otherwise the wanted one, otherwise any free one.</summary>
    internal int Stable(string name, int? wanted = null)
    {
        if (kept.TryGetValue(name, out var last) && IsFree(last)) return Allocate(name, last);
        if (wanted + offset is { } moved && IsFree(moved)) return Allocate(name, moved);
        while (!IsFree(next)) next = next < Last ? next + 1 : throw new StartupException($"No port between {First} and {Last} is free.");
        return Allocate(name, next);
    }

    internal void Save() => OwnerOnlyFile.Write(path, JsonSerializer.Serialize(kept));

    private int Allocate(string name, int port)
    {
        given.Add(port);
        return kept[name] = port;
    }

    private bool IsFree(int port) => !given.Contains(port) && CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // SO_REUSEADDR as servers set it: connections in TIME_WAIT do not make the port unavailable.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
