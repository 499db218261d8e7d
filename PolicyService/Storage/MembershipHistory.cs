using Npgsql;
using PolicyService.Admin;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>When a user came under a policy and when it was out again.</summary>
internal sealed class MembershipHistory(NpgsqlDataSource database)
{
    /// <summary>Up to <paramref name="limit"/> entries, newest first, all older than <paramref name="before"/>.</summary>
    internal async Task<List<MembershipEvent>> OfUserAsync(Guid account, Guid user, DateTimeOffset? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT at, kind, reason, policy_id, policy_name FROM membership_history
            WHERE account_id = $1 AND user_id = $2 AND at < $3 ORDER BY at DESC, entry DESC LIMIT $4
            """,
            account, user, before?.ToUniversalTime() ?? DateTimeOffset.MaxValue, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<MembershipEvent>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new MembershipEvent(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetGuid(3), reader.GetString(4)));
        return entries;
    }
}
