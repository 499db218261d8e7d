using System.Security.Claims;
using DirectoryService.Lifecycle;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary><c>GET /api/v1/users/{id}/consequences?action=…</c>, and for groups: the consequences of an action, which the console shows before the admin confirms.</summary>
internal static class ConsequenceEndpoints
{
    internal sealed record Told(string Action, IReadOnlyList<string> Consequences);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/consequences", UserAsync).WithSummary("What an action on the user would bring about");
        api.MapGet("/groups/{id:guid}/consequences", GroupAsync).WithSummary("What an action on the group would bring about");
    }

    private static async Task<Results<Ok<Told>, ProblemHttpResult>> UserAsync(
        Guid id, string action, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        if (ConsoleEndpoints.Action(action) is not { } known) return ConsoleEndpoints.Unknown(action);
        await using var command = db.CreateCommand("""
            SELECT u.idp_active, u.console_disabled, u.console_deleted, u.released, u.removed, d.provider, d.conflict_rule, d.deleted_at IS NOT NULL
            FROM users u LEFT JOIN directories d ON d.id = u.directory_id WHERE u.account_id = $1 AND u.id = $2
            """);
        command.Parameters.With(admin.AccountId()).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return AdminProblem.NotFound($"There is no user {id} in this account.");
        var state = new UserState(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4));
        var provider = reader.IsDBNull(5) ? null : reader.GetString(5);
        var rule = provider is not null && reader.GetString(6) == "override" ? ConflictRule.Override : ConflictRule.Preserve;
        return TypedResults.Ok(new Told(action, Consequences.OfUser(state, known, provider, rule, provider is not null && reader.GetBoolean(7))));
    }

    private static async Task<Results<Ok<Told>, ProblemHttpResult>> GroupAsync(
        Guid id, string action, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        if (ConsoleEndpoints.Action(action) is not { } known) return ConsoleEndpoints.Unknown(action);
        await using var command = db.CreateCommand("""
            SELECT g.console_disabled, g.console_deleted, g.removed, d.provider, g.document->>'displayName', EXISTS (
              SELECT FROM groups live WHERE live.account_id = g.account_id AND live.directory_id IS NOT DISTINCT FROM g.directory_id
                AND (live.display_name_key = g.display_name_key OR g.directory_id IS NOT NULL AND g.external_id <> '' AND live.external_id = g.external_id AND live.holds_external_id)
                AND live.id <> g.id AND NOT live.removed AND NOT live.console_deleted)
            FROM groups g LEFT JOIN directories d ON d.id = g.directory_id WHERE g.account_id = $1 AND g.id = $2
            """);
        command.Parameters.With(admin.AccountId()).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return AdminProblem.NotFound($"There is no group {id} in this account.");
        var state = new GroupState(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2));
        if (known == ConsoleAction.Restore && GroupLifecycle.Decide(state, known).Refusal is null && reader.GetBoolean(5))
            return TypedResults.Ok(new Told(action, [GroupLifecycle.NameTaken(reader.GetString(4))]));
        return TypedResults.Ok(new Told(action, Consequences.OfGroup(state, known, reader.IsDBNull(3) ? null : reader.GetString(3))));
    }
}
