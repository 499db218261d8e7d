using System.Security.Claims;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Directories;

/// <summary><c>GET /api/v1/alerts</c>: the alerts of the last 30 days, newest first.</summary>
internal static class AlertEndpoints
{
    /// <param name="Deactivated">Users whom the identity provider deactivated or removed within the hour before.</param>
    /// <param name="Users">How many users the directory had.</param>
    internal sealed record Alert(Guid Id, string Kind, DateTimeOffset At, Guid DirectoryId, string DirectoryName, long Deactivated, long Users);

    internal static void Map(RouteGroupBuilder api) => api.MapGet("/alerts", ListAsync).WithSummary("What an admin should look at");

    private static async Task<Ok<Items<Alert>>> ListAsync(ClaimsPrincipal admin, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT (a.alert->>'alertId')::uuid, e.at, e.directory_id, d.name, (a.alert->>'deactivated')::bigint, (a.alert->>'users')::bigint
            FROM directories d JOIN events e ON e.aggregate_id = d.id AND e.change = 'alerted' AND e.at > $2
            CROSS JOIN LATERAL (SELECT e.payload->'lastAlert' AS alert) a
            WHERE d.account_id = $1 ORDER BY e.at DESC LIMIT 200
            """);
        command.Parameters.With(admin.AccountId()).With(clock.GetUtcNow() - TimeSpan.FromDays(30));
        var alerts = new List<Alert>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            alerts.Add(new Alert(reader.GetGuid(0), "massDeactivation", reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5)));
        return TypedResults.Ok(new Items<Alert>(alerts));
    }
}
