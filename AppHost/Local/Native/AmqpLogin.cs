using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace LocalRuntime.Native;

/// <summary>
/// Logs in to a broker and leaves again (AMQP 0-9-1 §2.2.4): protocol header → Start, Start-Ok → Tune. A broker that
/// answers Tune accepts connections and knows the user; a client library would be much for these two frames.
/// </summary>
internal static class AmqpLogin
{
    private const byte MethodFrame = 1, FrameEnd = 0xCE;
    private const ushort ConnectionClass = 10, Start = 10, StartOk = 11, Tune = 30;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);
    private static readonly byte[] Header = [.. "AMQP"u8, 0, 0, 9, 1];

    internal static Task<Wellness> TryAsync(int port, string user, string password, CancellationToken cancellationToken) =>
        WithConnectionAsync(port, async (stream, bound) =>
        {
            await stream.WriteAsync(Header, bound);
            await ExpectAsync(stream, Start, bound);
            await stream.WriteAsync(StartOkFrame(user, password), bound);
            await ExpectAsync(stream, Tune, bound);
        }, cancellationToken);

    /// <summary>Whether it accepts connections at all.</summary>
    internal static Task<Wellness> ConnectAsync(int port, CancellationToken cancellationToken) =>
        WithConnectionAsync(port, (_, _) => Task.CompletedTask, cancellationToken);

    private static async Task<Wellness> WithConnectionAsync(int port, Func<NetworkStream, CancellationToken, Task> talk, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, bound.Token);
            await talk(client.GetStream(), bound.Token);
            return Wellness.Well;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"no answer within {Bound.TotalSeconds:0} s");
        }
        catch (EndOfStreamException)
        {
            return new("it refused the login");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return new(error.Message);
        }
    }

    private static async Task ExpectAsync(NetworkStream stream, ushort method, CancellationToken cancellationToken)
    {
        var head = new byte[7]; // type, channel (2), size (4)
        await stream.ReadExactlyAsync(head, cancellationToken);
        var size = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(3));
        if (head[0] != MethodFrame || size is < 4 or > 131_072) throw new IOException("its answer is not AMQP 0-9-1");
        var payload = new byte[size + 1];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        if (BinaryPrimitives.ReadUInt16BigEndian(payload) != ConnectionClass || BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2)) != method)
            throw new IOException("it refused the login");
    }

    private static byte[] StartOkFrame(string user, string password)
    {
        var payload = new List<byte>();
        payload.AddRange(BigEndian(ConnectionClass));
        payload.AddRange(BigEndian(StartOk));
        payload.AddRange(new byte[4]); // no client properties
        payload.AddRange(ShortString("PLAIN"));
        var response = Encoding.UTF8.GetBytes($"\0{user}\0{password}");
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, response.Length);
        payload.AddRange(length);
        payload.AddRange(response);
        payload.AddRange(ShortString("en_US"));
        var head = new byte[7];
        head[0] = MethodFrame;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(3), payload.Count);
        return [.. head, .. payload, FrameEnd];
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] ShortString(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
