using System.Security.Claims;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace DirectoryService.Admin.Access;

/// <summary><c>/api/v1/api-keys</c>: API keys for automation. Only owners create and revoke them; a key is shown once.</summary>
internal static class ApiKeyEndpoints
{
    internal sealed record NewKey(string? Name, string? Role);
    internal sealed record Created(string KeyId, string Name, string Role, string ApiKey);
    internal sealed record Listed(string KeyId, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    internal static void Map(RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/api-keys").RequireAuthorization(AccessPolicy.Own);
        keys.MapGet("", ListAsync).WithSummary("The live API keys, without their secrets");
        keys.MapPost("", CreateAsync).WithSummary("Makes an API key; it is shown once");
        keys.MapDelete("/{keyId}", RevokeAsync).WithSummary("Revokes an API key").WithReasons("ownKey");
    }

    private static async Task<Ok<Items<Listed>>> ListAsync(ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            "SELECT key_id, name, role, created_at, last_used_at FROM api_keys WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at, key_id");
        command.Parameters.With(admin.AccountId());
        var keys = new List<Listed>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            keys.Add(new Listed(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)));
        return TypedResults.Ok(new Items<Listed>(keys));
    }

    private static async Task<Results<Created<Created>, ProblemHttpResult>> CreateAsync(
        NewKey asked, ClaimsPrincipal admin, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (AdminNameRules.FindError("name", asked.Name, most: 200) is { } fault) return AdminProblem.Invalid(fault);
        if (asked.Role is not (AdminRole.Owner or AdminRole.Admin or AdminRole.Auditor))
            return AdminProblem.Invalid("\"role\" must be owner, admin or auditor.");
        var (key, shown) = Secret.Create(Secret.Api);
        await using var command = db.CreateCommand(
            "INSERT INTO api_keys (key_id, account_id, name, role, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)");
        command.Parameters.With(key.KeyId).With(admin.AccountId()).With(asked.Name!.Trim()).With(asked.Role).With(key.Hash).With(Clock.Now(clock));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/api-keys/{key.KeyId}", new Created(key.KeyId, asked.Name!.Trim(), asked.Role, shown));
    }

    /// <summary>The key that asks cannot revoke itself: the account would lose its last owner by a slip.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string keyId, ClaimsPrincipal admin, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (admin.Actor().Id == keyId) return AdminProblem.Conflict("A key cannot revoke itself. Use another owner's key.", "ownKey");
        await using var command = db.CreateCommand("UPDATE api_keys SET revoked_at = $3 WHERE account_id = $1 AND key_id = $2 AND revoked_at IS NULL");
        command.Parameters.With(admin.AccountId()).With(keyId).With(Clock.Now(clock));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1
            ? TypedResults.NoContent()
            : AdminProblem.NotFound($"There is no live API key {keyId} in this account.");
    }
}
