using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>
/// Writes groups to the answer as their members come from the database, no faster than the client takes them, so that a
/// group of a million costs the memory of one buffer. A client that goes away ends the query.
/// </summary>
internal sealed class GroupStream : IAsyncDisposable
{
    private const int FlushAt = 32 * 1024;

    private readonly HttpContext http;
    private readonly Projection projection;
    private readonly string baseUrl;
    private readonly IAsyncEnumerator<(Guid Group, Guid User, string Display)>? members;
    private readonly HashSet<string> subs;
    private bool more;
    private long flushed;

    private GroupStream(HttpContext http, NpgsqlDataSource db, IReadOnlyList<GroupRow> groups)
    {
        this.http = http;
        projection = http.Projection(ResourceSchema.Group);
        baseUrl = http.BaseUrl(http.Directory());
        subs = ShownOfMembers(projection);
        if (subs.Count > 0 && groups.Count > 0)
            members = MembershipSql.ReadAsync(db, [.. groups.Select(group => group.ScimId)], http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        Json = new Utf8JsonWriter(http.Response.BodyWriter, ScimResult.Options);
    }

    internal Utf8JsonWriter Json { get; }

    /// <summary>Reads the first member before anything is written: what goes wrong until then is still answered as an error.</summary>
    internal static async Task<GroupStream> OpenAsync(HttpContext http, NpgsqlDataSource db, IReadOnlyList<GroupRow> groups)
    {
        var stream = new GroupStream(http, db, groups);
        if (stream.members is not null) stream.more = await stream.members.MoveNextAsync();
        return stream;
    }

    /// <summary>From here on a failure cuts the connection: half a document cannot become an error.</summary>
    internal Task BeginAsync()
    {
        http.Response.ContentType = ScimResult.ContentType;
        return http.Response.StartAsync(http.RequestAborted);
    }

    /// <summary>Groups are written in the order in which they were given.</summary>
    internal async Task WriteAsync(GroupRow group)
    {
        Json.WriteStartObject();
        foreach (var (name, value) in projection.Apply(Representation.Group(group, baseUrl)))
        {
            Json.WritePropertyName(name);
            if (value is null) Json.WriteNullValue();
            else value.WriteTo(Json);
        }
        if (more && members!.Current.Group == group.ScimId)
        {
            Json.WriteStartArray(GroupSchema.Members);
            while (more && members.Current.Group == group.ScimId)
            {
                WriteMember(members.Current.User, members.Current.Display);
                if (Json.BytesPending + Json.BytesCommitted - flushed > FlushAt) await FlushAsync();
                more = await members.MoveNextAsync();
            }
            Json.WriteEndArray();
        }
        Json.WriteEndObject();
    }

    internal Task EndAsync() => FlushAsync();

    private async Task FlushAsync()
    {
        await Json.FlushAsync(http.RequestAborted);
        flushed = Json.BytesCommitted;
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private void WriteMember(Guid user, string display)
    {
        Json.WriteStartObject();
        if (subs.Contains("value")) Json.WriteString("value", user);
        if (subs.Contains("$ref")) Json.WriteString("$ref", Representation.Location(ResourceSchema.User, user, baseUrl));
        if (subs.Contains("type")) Json.WriteString("type", "User");
        if (subs.Contains("display")) Json.WriteString("display", display);
        Json.WriteEndObject();
    }

    /// <summary>What the projection leaves of a member, asked of one that stands for all.</summary>
    private static HashSet<string> ShownOfMembers(Projection projection)
    {
        var one = new JsonObject { ["value"] = "", ["$ref"] = "", ["type"] = "", ["display"] = "" };
        var left = projection.Apply(new JsonObject { [GroupSchema.Members] = new JsonArray(one) });
        return left[GroupSchema.Members]?[0] is JsonObject shown ? [.. shown.Select(pair => pair.Key)] : [];
    }

    public async ValueTask DisposeAsync()
    {
        if (members is not null) await members.DisposeAsync();
        // Only what was flushed is part of the answer: after a failure the rest would make half a document look whole.
        Json.Reset();
        await Json.DisposeAsync();
    }
}
