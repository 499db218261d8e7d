using System.Security.Claims;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary><c>GET /api/v1/groups/{id}/members</c>: who is in a group, of a directory or user-defined.</summary>
internal static class GroupMemberEndpoints
{
    /// <summary>
    /// A page of the group's members, in an order of its own that stays while they do. The members of a group that was deleted in
    /// the console are those it will have when it is restored.
    /// </summary>
    internal static async Task<Results<Ok<Items<PeopleEndpoints.User>>, ProblemHttpResult>> ListAsync(
        Guid id, ClaimsPrincipal admin, NpgsqlDataSource db, int? limit, Guid? after, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if (page.Refusal is { } refusal) return refusal;
        // The group is returned as a separate row, so that one statement distinguishes an empty group from an unknown one.
        // Members are ordered by SCIM id, so that the cost of a page does not depend on the size of the group.
        await using var command = db.CreateCommand($"""
            SELECT m.* FROM groups g LEFT JOIN LATERAL (
              SELECT {PeopleEndpoints.UserColumns} FROM group_members e
              JOIN users u ON u.scim_id = e.user_scim_id AND NOT u.removed LEFT JOIN directories d ON d.id = u.directory_id
              WHERE e.group_scim_id = g.scim_id AND ($3 IS NULL OR e.user_scim_id > $3) ORDER BY e.user_scim_id LIMIT $4) m ON true
            WHERE g.account_id = $1 AND g.id = $2
            """);
        command.Parameters.With(admin.AccountId()).With(id).WithUuid(after).With(page.Size);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return AdminProblem.NotFound($"There is no group {id} in this account.");
        var members = new List<PeopleEndpoints.User>();
        if (!reader.IsDBNull(0))
            do members.Add(PeopleEndpoints.ReadUser(reader));
            while (await reader.ReadAsync(cancellationToken));
        return TypedResults.Ok(new Items<PeopleEndpoints.User>(members, members.Count == page.Size ? members[^1].ScimId.ToString() : null));
    }
}
