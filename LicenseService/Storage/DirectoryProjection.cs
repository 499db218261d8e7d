using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Directories as the directory's facts tell of them. A deleted one changes nothing for its users (idp-behaviour.md §5).</summary>
internal sealed class DirectoryProjection(NpgsqlDataSource database)
{
    internal async Task ApplyAsync(DirectoryChanged fact, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO directories AS d (account_id, directory_id, name, provider, deleted, version)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account_id, directory_id) DO UPDATE SET
                name = excluded.name, provider = excluded.provider, deleted = excluded.deleted, version = excluded.version
            WHERE d.version < excluded.version
            """,
            fact.AccountId, fact.DirectoryId, fact.Name, fact.Provider, fact.Deleted, fact.Version);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
