using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Timelines;

/// <summary>
/// <c>GET /api/v1/users/{id}/timeline</c>, and for groups: changes by the directory and by admins, and refused writes with the
/// reason; for a user also changes of licenses and policies. Newest first; <c>limit</c> 1 to 200, <c>before</c> the time
/// of the last one.
/// </summary>
internal static class TimelineEndpoints
{
    private const string Directory = "directory";

    /// <summary>Entries this close to a page are read too, because they may belong on the page by their version.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private const int MarginRows = 50;

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/timeline", UserAsync).WithSummary("What happened to a user, newest first");
        api.MapGet("/groups/{id:guid}/timeline", GroupAsync).WithSummary("What happened to a group, newest first");
    }

    private static async Task<Results<Ok<Timeline>, ProblemHttpResult>> UserAsync(
        Guid id, int? limit, DateTimeOffset? before, HttpContext http, ClaimsPrincipal admin, NpgsqlDataSource db, DownstreamTimeline followUps, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if (page.Refusal is { } refusal) return refusal;
        var accessToken = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization.ToString());
        var size = page.Size;
        var licenses = followUps.ListByUserAsync(DownstreamTimeline.Licenses, id, size, before, accessToken, cancellationToken);
        var policies = followUps.ListByUserAsync(DownstreamTimeline.Policies, id, size, before, accessToken, cancellationToken);
        var own = await ReadAsync(db, admin.AccountId(), "user", id, size, before, cancellationToken);
        var (freed, left) = (await licenses, await policies);
        if (own.Count == 0 && before is null) return Unknown("user", id);
        var items = own.Concat(freed ?? []).Concat(left ?? []).OrderByDescending(entry => entry.At).Take(size);
        return TypedResults.Ok(new Timeline([.. items], [.. Missing(DownstreamTimeline.Licenses, freed), .. Missing(DownstreamTimeline.Policies, left)]));
    }

    private static async Task<Results<Ok<Timeline>, ProblemHttpResult>> GroupAsync(
        Guid id, int? limit, DateTimeOffset? before, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if (page.Refusal is { } refusal) return refusal;
        var own = await ReadAsync(db, admin.AccountId(), "group", id, page.Size, before, cancellationToken);
        return own.Count == 0 && before is null ? Unknown("group", id) : TypedResults.Ok(new Timeline(own, []));
    }

    private static ProblemHttpResult Unknown(string what, Guid id) => AdminProblem.NotFound($"There is no {what} {id} in this account.");

    private static IEnumerable<string> Missing(string source, IReadOnlyList<TimelineEntry>? entries) => entries is null ? [source] : [];

    private static async Task<IReadOnlyList<TimelineEntry>> ReadAsync(
        NpgsqlDataSource db, Guid accountId, string aggregate, Guid id, int limit, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT at, change, version, payload->>'status', payload->>'reason', details->'attributes', details->>'note', actor - 'traceParent'
            FROM events WHERE aggregate_id = $1 AND account_id = $2 AND aggregate = $3 AND at < $4
            ORDER BY at DESC, version DESC NULLS FIRST LIMIT $5
            """);
        var until = before?.ToUniversalTime() ?? DateTimeOffset.MaxValue;
        command.Parameters.With(id).With(accountId).With(aggregate).With(before is null ? until : until + Margin).With(limit + 2 * MarginRows);
        var entries = new List<TimelineEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) entries.Add(Read(reader));
        return [.. TimelineOrder.NewestFirst(entries).Where(entry => entry.At < until).Take(limit)];
    }

    private static TimelineEntry Read(NpgsqlDataReader reader) => new(
        reader.GetFieldValue<DateTimeOffset>(0), Directory, reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), Text(reader, 3), Text(reader, 4),
        reader.IsDBNull(5) ? [] : JsonSerializer.Deserialize<string[]>(reader.GetString(5))!, Text(reader, 6),
        JsonNode.Parse(reader.GetString(7))!.AsObject());

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
