using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin;

/// <summary>
/// <c>GET /api/v1/users/{id}/timeline</c>, and for groups: what the directory said, what an admin did, what was refused and
/// why. Newest first; <c>limit</c> 1 to 200, <c>before</c> the time of the last one.
/// </summary>
internal static class TimelineEndpoints
{
    /// <param name="Change">A word of <see cref="Contracts.Events.V1.Change"/>, <c>refused</c>, or <c>skippedMembers</c>.</param>
    /// <param name="Reason">Why it was refused, or who was skipped.</param>
    /// <param name="Attributes">Names of the attributes that changed.</param>
    /// <param name="Note">More for people, such as that the directory overrode the console.</param>
    internal sealed record Entry(
        DateTimeOffset At, string Change, long? Version, string? Status, string? Reason, IReadOnlyList<string> Attributes, string? Note, JsonObject Actor);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/timeline", UserAsync);
        api.MapGet("/groups/{id:guid}/timeline", GroupAsync);
    }

    private static Task<Results<Ok<Items<Entry>>, ProblemHttpResult>> UserAsync(
        Guid id, int? limit, DateTimeOffset? before, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        ReadAsync(db, admin.AccountId(), "user", id, limit, before, cancellationToken);

    private static Task<Results<Ok<Items<Entry>>, ProblemHttpResult>> GroupAsync(
        Guid id, int? limit, DateTimeOffset? before, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        ReadAsync(db, admin.AccountId(), "group", id, limit, before, cancellationToken);

    private static async Task<Results<Ok<Items<Entry>>, ProblemHttpResult>> ReadAsync(
        NpgsqlDataSource db, Guid accountId, string aggregate, Guid id, int? limit, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT at, change, version, payload->>'status', payload->>'reason', details->'attributes', details->>'note', actor
            FROM events WHERE aggregate_id = $1 AND account_id = $2 AND aggregate = $3 AND at < $4
            ORDER BY at DESC, version DESC NULLS FIRST LIMIT $5
            """);
        command.Parameters.With(id).With(accountId).With(aggregate).With(before?.ToUniversalTime() ?? DateTimeOffset.MaxValue).With(AdminQuery.Limit(limit));
        var entries = new List<Entry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) entries.Add(Read(reader));
        if (entries.Count == 0 && before is null) return AdminProblem.NotFound($"There is no {aggregate} {id} in this account.");
        return TypedResults.Ok(new Items<Entry>(entries));
    }

    private static Entry Read(NpgsqlDataReader reader) => new(
        reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), Text(reader, 3), Text(reader, 4),
        reader.IsDBNull(5) ? [] : JsonSerializer.Deserialize<string[]>(reader.GetString(5))!, Text(reader, 6),
        JsonNode.Parse(reader.GetString(7))!.AsObject());

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
