using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>A response with one group whose members are written while they are read.</summary>
internal sealed class GroupResult(int status, GroupRow group, AttributeProjection projection, NpgsqlDataSource db) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var location = ResourceRepresentation.Location(ResourceSchema.Group, group.ScimId, httpContext.BaseUrl(httpContext.Directory()));
        // HEAD has no body, so no members are read.
        await using var stream = HttpMethods.IsHead(httpContext.Request.Method) ? null : await GroupStreamWriter.OpenAsync(httpContext, db, group, projection);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = ScimResult.ContentType;
        ScimResult.Describe(httpContext, location, ResourceVersion.Of(group).ETag);
        if (stream is not null) await stream.WriteAsync();
    }
}
