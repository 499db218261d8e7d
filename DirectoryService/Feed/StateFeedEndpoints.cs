using System.Security.Claims;
using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;
using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Feed;

/// <summary>
/// Endpoints for other services on behalf of an admin. They are under <c>/internal</c>, which the gateway does not route, and
/// are still bound to the account of the admin's access token.
/// </summary>
internal static class StateFeedEndpoints
{
    private const int FlushAt = 64 * 1024;

    internal static void Map(WebApplication app)
    {
        var feed = app.MapGroup("/internal/v1").RequireAuthorization(AccessPolicy.Read);
        feed.MapGet("/state", WriteStateAsync);
        feed.MapPost("/state", CurrentAsync);
        feed.MapGet("/backlog", BacklogAsync);
    }

    private static async Task WriteStateAsync(HttpContext http, ClaimsPrincipal admin, StateFeed feed, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "application/x-ndjson";
        var body = http.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body);
        var lines = 0L;
        await foreach (var line in feed.ReadAsync(admin.AccountId(), cancellationToken))
        {
            Write(line);
            lines++;
            if (body.UnflushedBytes > FlushAt) await body.FlushAsync(cancellationToken);
        }
        Write(new StateLine { End = lines });
        await body.FlushAsync(cancellationToken);

        void Write(StateLine line)
        {
            JsonSerializer.Serialize(json, line, ContractsJsonContext.Default.StateLine);
            json.Flush();
            json.Reset();
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
        }
    }

    private static async Task<IResult> CurrentAsync(HttpRequest request, ClaimsPrincipal admin, CurrentStateReader state, CancellationToken cancellationToken)
    {
        var query = await JsonSerializer.DeserializeAsync(request.Body, ContractsJsonContext.Default.StateQuery, cancellationToken);
        if (query is null || ((int[])[query.Users.Count, query.Groups.Count, query.Directories.Count]).Any(ids => ids > StateQuery.MaxIds))
            return AdminProblem.Invalid($"Ask for at most {StateQuery.MaxIds} users, groups and directories each.");
        return Results.Json(FactBatch.Of([.. await state.ReadAsync(admin.AccountId(), query, cancellationToken)]), ContractsJsonContext.Default.FactBatch);
    }

    private static async Task<IResult> BacklogAsync(ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT count(*), min(event_at), count(parked_at) FROM outbox WHERE account_id = $1");
        command.Parameters.With(admin.AccountId());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var backlog = new Backlog
        {
            Events = reader.GetInt64(0),
            Oldest = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            Parked = reader.GetInt64(2),
        };
        return Results.Json(backlog, ContractsJsonContext.Default.Backlog);
    }
}
