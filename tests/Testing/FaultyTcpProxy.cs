using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>
/// A TCP front before a server. Severed it looks like SIGKILL of the process: the port refuses, and every open connection
/// is reset at once. Hanging it looks like SIGSTOP: connections are accepted, and nothing is answered.
/// </summary>
public sealed class FaultyTcpProxy(int target) : IDisposable
{
    private volatile TaskCompletionSource flows = Flowing();
    private readonly ConcurrentDictionary<Socket, byte> open = new();
    private TcpListener? listener;

    public int Port { get; private set; }

    public void Listen()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    /// <summary>As a process that exits: the port refuses, and open connections are closed in order, without a reset.</summary>
    public void Exit()
    {
        Refuse();
        foreach (var socket in open.Keys)
        {
            try { socket.Shutdown(SocketShutdown.Both); }
            catch (Exception error) when (error is SocketException or ObjectDisposedException) { /* it is closed already */ }
        }
    }

    private void Refuse()
    {
        listener?.Dispose();
        listener = null;
    }

    public void Sever()
    {
        Refuse();
        foreach (var socket in open.Keys) Reset(socket);
    }

    public void Hang() => flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => flows.TrySetResult();

    private static TaskCompletionSource Flowing()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync(TcpListener accepting)
    {
        while (true)
        {
            Socket client;
            try { client = await accepting.AcceptSocketAsync(); }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException) { return; }
            _ = PairAsync(client);
        }
    }

    private async Task PairAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        open[client] = open[server] = 0;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (SocketException)
        {
            // Either side is gone: so is the pair.
        }
        finally
        {
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await flows.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The pair ends.
        }
    }

    private static void Reset(Socket socket)
    {
        try { socket.LingerState = new LingerOption(true, 0); }
        catch (Exception error) when (error is SocketException or ObjectDisposedException) { return; }
        socket.Dispose();
    }

    public void Dispose()
    {
        Sever();
        GoOn();
    }
}
