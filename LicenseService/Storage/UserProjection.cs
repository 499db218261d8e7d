using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Users as the directory's facts tell of them.</summary>
internal sealed class UserProjection(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// Stores the fact if it is newer than what is stored and takes back the seats that the user may not hold any more:
    /// one round trip, one transaction. Returns the reason of each seat freed.
    /// </summary>
    internal async Task<IReadOnlyList<string>> ApplyAsync(UserChanged fact, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Store(fact));
        batch.BatchCommands.Add(GrantReaction.After(fact, clock.GetUtcNow()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var freed = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) freed.Add(reader.GetString(1));
        return freed;
    }

    private static NpgsqlBatchCommand Store(UserChanged fact) => Statement.Of(
        """
        INSERT INTO users AS u (account_id, user_id, directory_id, scim_id, status, deactivations, has_email, user_name, display_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id, user_id) DO UPDATE SET
            directory_id = excluded.directory_id, scim_id = excluded.scim_id, status = excluded.status,
            deactivations = excluded.deactivations, has_email = excluded.has_email,
            user_name = excluded.user_name, display_name = excluded.display_name, version = excluded.version
        WHERE u.version < excluded.version
        """,
        fact.AccountId, fact.UserId, fact.DirectoryId, fact.ScimId, fact.Status.Word(), fact.Deactivations,
        !string.IsNullOrWhiteSpace(fact.Email), fact.UserName, fact.DisplayName, fact.Version);
}
