using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AppHost.RunMode;

/// <summary>
/// Which port is whose. A port once given is kept for the next start, so that bookmarks and configured clients go on
/// working; only when another program has taken an inner one meanwhile is it replaced.
/// </summary>
internal sealed class KeptPorts
{
    // Below the range from which Linux takes the ports of outgoing connections.
    private const int First = 15_200, Last = 18_999;

    private readonly string path;
    private readonly SortedDictionary<string, int> kept;
    private readonly HashSet<int> given = [];
    private readonly int offset;
    private int next;

    internal KeptPorts(string path, int offset)
    {
        (this.path, this.offset) = (path, offset);
        kept = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, int>>(File.ReadAllText(path))! : [];
        // Two systems that start for the first time at the same moment should not reach for the same port.
        next = Random.Shared.Next(First, Last - (Last - First) / 4);
    }

    /// <summary>A port that must be this one: people and other programs know it.</summary>
    /// <param name="chosen">By the user, who is not moved by the offset; null: the usual one.</param>
    /// <param name="variable">By which the user can choose another.</param>
    internal int Fixed(string name, int usual, int? chosen, string variable)
    {
        var port = chosen ?? usual + offset;
        if (!IsFree(port))
            throw new StartupException($"Port {port} ({name}) is used by another program. Stop that one (ss -ltnp shows it), or choose another with {variable}=PORT.");
        return Give(name, port);
    }

    /// <summary>The port of the last start, else the wanted one, else any that is free.</summary>
    internal int Stable(string name, int? wanted = null)
    {
        if (kept.TryGetValue(name, out var last) && IsFree(last)) return Give(name, last);
        if (wanted + offset is { } moved && IsFree(moved)) return Give(name, moved);
        while (!IsFree(next)) next = next < Last ? next + 1 : throw new StartupException($"No port between {First} and {Last} is free.");
        return Give(name, next);
    }

    internal void Save() => PrivateFile.Write(path, JsonSerializer.Serialize(kept));

    private int Give(string name, int port)
    {
        given.Add(port);
        return kept[name] = port;
    }

    private bool IsFree(int port) => !given.Contains(port) && CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // As servers do: connections of the last run that wait to be forgotten are no reason not to listen.
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
