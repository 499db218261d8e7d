using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>One group as an answer, its members written while they are read.</summary>
internal sealed class GroupResult(int status, GroupRow group, NpgsqlDataSource db) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var directory = httpContext.Directory();
        var baseUrl = httpContext.BaseUrl(directory);
        await using var stream = await GroupStream.OpenAsync(httpContext, db, [group]);
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.ETag = Representation.ETag(group.ScimVersion);
        if (status == StatusCodes.Status201Created) httpContext.Response.Headers.Location = Representation.Location(ResourceSchema.Group, group.ScimId, baseUrl);
        await stream.BeginAsync();
        await stream.WriteAsync(group);
        await stream.EndAsync();
    }
}

/// <summary>A page of groups. It ends early where its members would be too many in all; itemsPerPage says where.</summary>
internal sealed class GroupListResult(IReadOnlyList<GroupRow> groups, long total, int startIndex, NpgsqlDataSource db) : IResult
{
    internal const int MaxMembers = 10_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var shown = await FitAsync(httpContext);
        await using var stream = await GroupStream.OpenAsync(httpContext, db, shown);
        await stream.BeginAsync();
        ListResponse.Start(stream.Json, total, startIndex, shown.Count);
        foreach (var group in shown) await stream.WriteAsync(group);
        ListResponse.End(stream.Json);
        await stream.EndAsync();
    }

    /// <summary>The first groups whose members fit together; always one, however large, so that a client gets on.</summary>
    private async Task<IReadOnlyList<GroupRow>> FitAsync(HttpContext httpContext)
    {
        if (groups.Count == 0 || !httpContext.Projection(ResourceSchema.Group).Shows(GroupSchema.Members)) return groups;
        var counts = await MembershipSql.CountAsync(db, [.. groups.Select(group => group.ScimId)], MaxMembers + 1, httpContext.RequestAborted);
        var sum = 0L;
        var fits = counts.TakeWhile(count => (sum += count) <= MaxMembers).Count();
        return [.. groups.Take(Math.Max(1, fits))];
    }
}
