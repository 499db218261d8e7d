using System.Security.Claims;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Directories;

/// <summary>
/// <c>/api/v1/user-authentication</c>: the directory that the account's single sign-on uses. It cannot be deleted while it is
/// configured here (foreign key).
/// </summary>
internal static class UserAuthenticationEndpoints
{
    internal const string Constraint = "user_authentication_directory";

    internal sealed record Configuration(string Name, Guid DirectoryId);
    internal sealed record Choice(string? Name, Guid? DirectoryId);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/user-authentication", GetAsync).WithSummary("Which directory single sign-on takes its users from");
        api.MapPut("/user-authentication", PutAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Sets that directory");
        api.MapDelete("/user-authentication", DeleteAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Ends the configuration");
    }

    internal static async Task<Configuration?> FindAsync(NpgsqlDataSource db, Guid accountId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT name, directory_id FROM user_authentication WHERE account_id = $1");
        command.Parameters.With(accountId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Configuration(reader.GetString(0), reader.GetGuid(1)) : null;
    }

    private static async Task<Results<Ok<Configuration>, ProblemHttpResult>> GetAsync(ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        await FindAsync(db, admin.AccountId(), cancellationToken) is { } configuration
            ? TypedResults.Ok(configuration)
            : AdminProblem.NotFound("Single sign-on user authentication is not configured. PUT {name, directoryId} to configure it.");

    private static async Task<Results<Ok<Configuration>, ProblemHttpResult>> PutAsync(
        Choice asked, ClaimsPrincipal admin, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (AdminNameRules.FindError("name", asked.Name, most: 200) is { } fault) return AdminProblem.Invalid(fault);
        if (asked.DirectoryId is not { } directory) return AdminProblem.Invalid("\"directoryId\" must name the directory: its id from GET /api/v1/directories.");
        var chosen = new Configuration(asked.Name!.Trim(), directory);
        await using var command = db.CreateCommand("""
            INSERT INTO user_authentication (account_id, name, directory_id, changed_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, directory_id = excluded.directory_id, changed_at = excluded.changed_at
            """);
        command.Parameters.With(admin.AccountId()).With(chosen.Name).With(chosen.DirectoryId).With(Clock.Now(clock));
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == Constraint)
        {
            return AdminProblem.Invalid($"There is no directory {directory} in this account.");
        }
        return TypedResults.Ok(chosen);
    }

    private static async Task<NoContent> DeleteAsync(ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("DELETE FROM user_authentication WHERE account_id = $1");
        command.Parameters.With(admin.AccountId());
        await command.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
