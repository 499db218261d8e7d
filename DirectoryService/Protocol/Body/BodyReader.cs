using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Body;

/// <summary>
/// Reads one JSON object from a pipe while it arrives, so that no body is buffered. It requires strict UTF-8, no duplicate
/// names, a depth of at most <see cref="BodyLimit.Depth"/>, and a size within the limit.
/// </summary>
public sealed class BodyReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BodyLimit.Depth };
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly BodyLimit limit;
    private readonly BodyTreeBuilder tree;
    private JsonReaderState state = new(Options);
    private bool begun;
    private long read;

    private BodyReader(BodyLimit limit) => (this.limit, tree) = (limit, new BodyTreeBuilder(limit.FoldsMembers));

    /// <exception cref="ScimException">invalidSyntax, invalidValue, or 413 that names the limit.</exception>
    /// <exception cref="JsonException">The body is not JSON, or too deep.</exception>
    public static async Task<JsonObject> ReadAsync(PipeReader pipe, BodyLimit limit, CancellationToken cancellationToken)
    {
        var reader = new BodyReader(limit);
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var used = result.Buffer.End; // also on an error: mark the bytes as read, so that the connection can be reused
            try
            {
                used = reader.Take(result.Buffer, result.IsCompleted);
            }
            finally
            {
                pipe.AdvanceTo(used, result.Buffer.End);
            }
            if (result.IsCompleted) return reader.tree.Root as JsonObject ?? throw ScimException.InvalidSyntax("The body must be a JSON object.");
        }
    }

    private SequencePosition Take(ReadOnlySequence<byte> buffer, bool last)
    {
        if (read + buffer.Length > limit.Bytes) throw limit.Exceeded;
        if (!begun)
        {
            if (buffer.Length < ByteOrderMark.Length && !last) return buffer.Start;
            begun = true;
            if (buffer.Length >= ByteOrderMark.Length && buffer.Slice(0, ByteOrderMark.Length).ToArray().AsSpan().SequenceEqual(ByteOrderMark))
                buffer = buffer.Slice(ByteOrderMark.Length);
        }
        var json = new Utf8JsonReader(buffer, last, state);
        var before = 0L;
        while (json.Read())
        {
            tree.Add(ref json, json.BytesConsumed - before);
            before = json.BytesConsumed;
        }
        state = json.CurrentState;
        read += json.BytesConsumed;
        // A single token is buffered as a whole, so its size is limited too.
        if (buffer.Length - json.BytesConsumed > BodyLimit.Tree) throw BodyLimit.TreeExceeded;
        return json.Position;
    }
}
