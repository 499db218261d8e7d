using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Lists;

/// <summary>The position of a cursor: after (or before) a SCIM id, or an offset in a sorted list.</summary>
internal readonly record struct CursorPosition(bool Backwards, Guid Id, int Offset);

/// <summary>
/// Creates and validates cursors of RFC 9865: opaque, signed for one directory, resource type, filter and order, and valid for
/// <see cref="GoodFor"/>. A forged cursor, or one of another search, is refused as invalidCursor.
/// <code>
/// issued at (8) · backwards (1) · offset (4) · SCIM id (16) · HMAC over these and the search (16)
/// </code>
/// </summary>
internal sealed class PageCursors(NpgsqlDataSource db, TimeProvider clock)
{
    internal static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private const int PlaceLength = 29;
    private const int SealLength = 16;

    private byte[]? key;

    internal async ValueTask<string> CreateAsync(CursorPosition place, DirectoryContext directory, ResourceSchema resource, ListRequest request, CancellationToken cancellationToken)
    {
        var bytes = new byte[PlaceLength + SealLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, clock.GetUtcNow().ToUnixTimeSeconds());
        bytes[8] = place.Backwards ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), place.Offset);
        place.Id.TryWriteBytes(bytes.AsSpan(13));
        Sign(await KeyAsync(cancellationToken), bytes, directory, resource, request).CopyTo(bytes, PlaceLength);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="ScimException">invalidCursor or expiredCursor.</exception>
    internal async ValueTask<CursorPosition> OpenAsync(string cursor, DirectoryContext directory, ResourceSchema resource, ListRequest request, CancellationToken cancellationToken)
    {
        var sealing = await KeyAsync(cancellationToken);
        var bytes = new byte[PlaceLength + SealLength];
        if (!Base64Url.IsValid(cursor, out var length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(PlaceLength), Sign(sealing, bytes, directory, resource, request)))
            throw ScimException.InvalidCursor("This cursor was not given for this search. Begin again with an empty cursor, and send the filter and the order unchanged with each page.");
        var issued = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        if (clock.GetUtcNow() - issued > GoodFor)
            throw ScimException.ExpiredCursor($"This cursor is older than {GoodFor.TotalMinutes} minutes. Begin again with an empty cursor.");
        return new CursorPosition(bytes[8] == 1, new Guid(bytes.AsSpan(13, 16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(9)));
    }

    private static byte[] Sign(byte[] key, byte[] cursor, DirectoryContext directory, ResourceSchema resource, ListRequest request)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(cursor.AsSpan(0, PlaceLength));
        // Each part is prefixed with its length, so that different parts never give the same input.
        foreach (var part in (string?[])[directory.DirectoryId.ToString(), resource.Name, request.FilterText, request.SortBy, request.Descending ? "d" : "a"])
        {
            var bytes = Encoding.UTF8.GetBytes(part ?? "");
            hmac.AppendData(BitConverter.GetBytes(bytes.Length));
            hmac.AppendData(bytes);
        }
        return hmac.GetHashAndReset()[..SealLength];
    }

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (key is not null) return key;
        await using var command = db.CreateCommand("SELECT key FROM cursor_key");
        return key = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
