using System.Text.Json;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>
/// Writes a group to the response while its members are read from the database, with back-pressure from the client, so that a
/// group of a million needs the memory of one buffer. The query is cancelled when the client disconnects.
/// </summary>
internal sealed class GroupStreamWriter : IAsyncDisposable
{
    private const int FlushAt = 32 * 1024;

    private readonly HttpContext http;
    private readonly GroupRow group;
    private readonly AttributeProjection projection;
    private readonly string baseUrl;
    private readonly IAsyncEnumerator<(Guid Group, Guid User, string Display)>? members;
    private readonly MemberWriter shown;
    private bool more;

    private GroupStreamWriter(HttpContext http, NpgsqlDataSource db, GroupRow group, AttributeProjection projection)
    {
        (this.http, this.group, this.projection) = (http, group, projection);
        baseUrl = http.BaseUrl(http.Directory());
        shown = new MemberWriter(projection, baseUrl);
        if (shown.ShowsAny) members = MembershipSql.ReadAsync(db, [group.ScimId], http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
    }

    /// <summary>
    /// Opens the query and reads the first member before anything is written, so that errors until then get an error response.
    /// </summary>
    internal static async Task<GroupStreamWriter> OpenAsync(HttpContext http, NpgsqlDataSource db, GroupRow group, AttributeProjection projection)
    {
        var stream = new GroupStreamWriter(http, db, group, projection);
        if (stream.members is not null) stream.more = await stream.members.MoveNextAsync();
        return stream;
    }

    /// <summary>Writes the response. An error from here on aborts the connection, because the status was already sent.</summary>
    internal async Task WriteAsync()
    {
        await http.Response.StartAsync(http.RequestAborted);
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, ScimResult.Options);
        await WriteAsync(json);
        await FlushAsync(json);
    }

    /// <summary>Writes the group as a part of the response of <paramref name="json"/>.</summary>
    internal async Task WriteAsync(Utf8JsonWriter json)
    {
        ResourceWriter.WriteOpen(json, group, projection, baseUrl);
        if (more) await WriteMembersAsync(json);
        json.WriteEndObject();
    }

    private async Task WriteMembersAsync(Utf8JsonWriter json)
    {
        json.WriteStartArray(GroupSchema.Members);
        var flushed = 0L;
        for (; more; more = await members!.MoveNextAsync())
        {
            shown.Write(json, members!.Current.User, members.Current.Display);
            if (json.BytesPending + json.BytesCommitted - flushed < FlushAt) continue;
            await FlushAsync(json);
            flushed = json.BytesCommitted;
        }
        json.WriteEndArray();
    }

    private async Task FlushAsync(Utf8JsonWriter json)
    {
        await json.FlushAsync(http.RequestAborted);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        if (members is not null) await members.DisposeAsync();
    }
}
