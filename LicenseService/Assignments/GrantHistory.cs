using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Assignments;

/// <summary>Reads the history of a user's seats: given and freed.</summary>
internal sealed class GrantHistory(NpgsqlDataSource database)
{
    /// <summary>Up to <paramref name="limit"/> entries, newest first, all older than <paramref name="before"/>.</summary>
    internal async Task<List<GrantEvent>> ListByUserAsync(Guid account, Guid user, DateTimeOffset? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT at, kind, reason, product, pool_id, actor_kind, actor_id, actor_name, rule_id FROM grant_history
            WHERE account_id = $1 AND user_id = $2 AND at < $3 AND kind IN ('granted', 'freed') ORDER BY at DESC, entry DESC LIMIT $4
            """,
            account, user, before?.ToUniversalTime() ?? DateTimeOffset.MaxValue, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<GrantEvent>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new GrantEvent(reader.Time(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetGuid(4), reader.Actor(5), reader.Id(8)));
        return entries;
    }
}
