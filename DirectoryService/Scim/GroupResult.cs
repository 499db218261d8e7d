using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>One group as an answer, its members written while they are read.</summary>
internal sealed class GroupResult(int status, GroupRow group, Projection projection, NpgsqlDataSource db) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var stream = await GroupStream.OpenAsync(httpContext, db, group, projection);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = ScimResult.ContentType;
        httpContext.Response.Headers.ETag = ResourceVersion.Of(group).ETag;
        if (status == StatusCodes.Status201Created)
            httpContext.Response.Headers.Location = Representation.Location(ResourceSchema.Group, group.ScimId, httpContext.BaseUrl(httpContext.Directory()));
        await stream.WriteAsync();
    }
}
