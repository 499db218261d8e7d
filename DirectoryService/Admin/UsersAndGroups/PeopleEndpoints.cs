using System.Security.Claims;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary>
/// <c>/api/v1/users</c> and <c>/api/v1/groups</c>: lists of users and groups with their internal ids. Paged by <c>limit</c> (1
/// to 200) and <c>after</c> (the last id of the previous page).
/// </summary>
internal static class PeopleEndpoints
{
    internal sealed record User(
        Guid Id, Guid ScimId, string UserName, string? DisplayName, string? Email, Guid? DirectoryId, string DirectoryName, string Status, DateTimeOffset CreatedAt);

    internal sealed record Group(
        Guid Id, Guid ScimId, string DisplayName, Guid? DirectoryId, string DirectoryName, string Status, DateTimeOffset CreatedAt);

    internal const string UserColumns = "u.id, u.scim_id, u.document->>'userName', u.display_name, u.email, u.directory_id, d.name, u.status, u.created_at, d.deleted_at";
    private const string GroupColumns = "g.id, g.scim_id, g.document->>'displayName', g.directory_id, d.name, g.status, g.created_at, d.deleted_at";

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users", ListUsersAsync).WithSummary("The account's users");
        api.MapGet("/users/{id:guid}", GetUserAsync).WithSummary("One user");
        api.MapGet("/groups", ListGroupsAsync).WithSummary("The account's groups");
        api.MapGet("/groups/{id:guid}", GetGroupAsync).WithSummary("One group");
    }

    /// <param name="directory">A directory's id, or <c>manual</c>.</param>
    private static async Task<Results<Ok<Items<User>>, ProblemHttpResult>> ListUsersAsync(
        ClaimsPrincipal admin, NpgsqlDataSource db, string? directory, string? userName, string? status, string? text, int? limit, Guid? after, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if ((page.Refusal ?? AdminQuery.InvalidWord("status", status, StatusNames.OfUsers)) is { } refusal) return refusal;
        if (!AdminQuery.TryStart("u", admin.AccountId(), directory, status, after, out var query)) return BadDirectory();
        if (userName is not null) query.And("u.user_name_key = {0}", ScimText.Canonical(userName));
        if (!string.IsNullOrWhiteSpace(text)) query.AndContains("(u.user_name_key LIKE {0} OR lower(u.display_name) LIKE {0} OR lower(u.email) LIKE {0})", text);
        var items = await query.ReadAsync(db, $"SELECT {UserColumns} FROM users u LEFT JOIN directories d ON d.id = u.directory_id", page.Size, ReadUser, cancellationToken);
        return TypedResults.Ok(new Items<User>(items, items.Count == page.Size ? items[^1].Id.ToString() : null));
    }

    /// <param name="directory">A directory's id, or <c>manual</c>.</param>
    private static async Task<Results<Ok<Items<Group>>, ProblemHttpResult>> ListGroupsAsync(
        ClaimsPrincipal admin, NpgsqlDataSource db, string? directory, string? displayName, string? status, string? text, int? limit, Guid? after, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if ((page.Refusal ?? AdminQuery.InvalidWord("status", status, StatusNames.OfGroups)) is { } refusal) return refusal;
        if (!AdminQuery.TryStart("g", admin.AccountId(), directory, status, after, out var query)) return BadDirectory();
        if (displayName is not null) query.And("g.display_name_key = {0}", ScimText.Canonical(displayName));
        if (!string.IsNullOrWhiteSpace(text)) query.AndContains("g.display_name_key LIKE {0}", text);
        var items = await query.ReadAsync(db, $"SELECT {GroupColumns} FROM groups g LEFT JOIN directories d ON d.id = g.directory_id", page.Size, ReadGroup, cancellationToken);
        return TypedResults.Ok(new Items<Group>(items, items.Count == page.Size ? items[^1].Id.ToString() : null));
    }

    private static async Task<Results<Ok<User>, ProblemHttpResult>> GetUserAsync(Guid id, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {UserColumns} FROM users u LEFT JOIN directories d ON d.id = u.directory_id WHERE u.account_id = $1 AND u.id = $2");
        command.Parameters.With(admin.AccountId()).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? TypedResults.Ok(ReadUser(reader)) : NotFound("user", id);
    }

    private static async Task<Results<Ok<Group>, ProblemHttpResult>> GetGroupAsync(Guid id, ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {GroupColumns} FROM groups g LEFT JOIN directories d ON d.id = g.directory_id WHERE g.account_id = $1 AND g.id = $2");
        command.Parameters.With(admin.AccountId()).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? TypedResults.Ok(ReadGroup(reader)) : NotFound("group", id);
    }

    internal static User ReadUser(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), Text(reader, 3), Text(reader, 4),
        reader.IsDBNull(5) ? null : reader.GetGuid(5), DirectoryName(reader, 6, 9), reader.GetString(7), reader.GetFieldValue<DateTimeOffset>(8));

    private static Group ReadGroup(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetGuid(3), DirectoryName(reader, 4, 7), reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6));

    /// <summary>The source of a user or group: the name of its directory, also of a deleted one, or <c>Manual</c>.</summary>
    private static string DirectoryName(NpgsqlDataReader reader, int name, int deletedAt) =>
        reader.IsDBNull(name) ? "Manual" : reader.IsDBNull(deletedAt) ? reader.GetString(name) : $"{reader.GetString(name)} (deleted)";

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static ProblemHttpResult NotFound(string what, Guid id) => AdminProblem.NotFound($"There is no {what} {id} in this account.");

    private static ProblemHttpResult BadDirectory() =>
        AdminProblem.Invalid("\"directory\" must be the id of a directory, or 'manual'.");
}
