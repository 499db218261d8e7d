using Contracts.Events.V1;
using LicenseService.Rules;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Assignments;

internal sealed record UserSeatState(
    Guid UserId, string UserName, string? DisplayName, UserStatus Status, bool HasEmail, Guid? DirectoryId, IReadOnlyList<UserPoolState> Pools);

/// <summary>A user's state in one pool.</summary>
/// <param name="GrantedAt">Null when the user has no seat.</param>
/// <param name="ManualAt">When an admin gave the seat; null when none did.</param>
/// <param name="WaitingSince">Null when the user is not on the waiting list.</param>
/// <param name="Ahead">Users before this one on the waiting list.</param>
/// <param name="Free">Seats that are not in use; <paramref name="Open"/> of them are not reserved by a hold.</param>
internal sealed record UserPoolState(
    Guid PoolId, string Product, DateTimeOffset? GrantedAt, DateTimeOffset? ManualAt, Actor? ManualBy, DateTimeOffset? WaitingSince, long Ahead,
    bool OwnSeatHeld, int Free, int Open, IReadOnlyList<MatchingRule> Rules);

/// <summary>A rule that names the user, whether or not the user is eligible for a seat.</summary>
internal sealed record MatchingRule(Guid RuleId, int Order, string Kind, Guid? GroupId, string? GroupName);

/// <summary>Reads the seats of one user, their reasons and the user's places on waiting lists.</summary>
internal sealed class UserSeatQuery(NpgsqlDataSource database)
{
    /// <summary>Returns null when the account has no such user.</summary>
    internal async Task<UserSeatState?> FindAsync(Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(SqlStatement.Of(
            "SELECT user_name, display_name, status, has_email, directory_id FROM users WHERE account_id = $1 AND user_id = $2", account, user));
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            SELECT r.pool_id, r.rule_id, r.position, r.kind, r.group_id, r.group_name
            FROM users u CROSS JOIN LATERAL {EntitlementSql.Rules} r
            WHERE u.account_id = $1 AND u.user_id = $2 ORDER BY r.position, r.rule_id
            """,
            account, user));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT p.pool_id, p.product, g.granted_at, g.manual_at, g.manual_by_kind, g.manual_by_id, g.manual_by_name, w.since,
                CASE WHEN w.user_id IS NULL THEN 0 ELSE (
                    SELECT count(*) FROM waiting o JOIN rules s ON s.account_id = o.account_id AND s.rule_id = o.rule_id
                    WHERE o.account_id = $1 AND o.pool_id = p.pool_id
                      AND (s.position, s.rule_id, o.since, o.user_id) < (r.position, r.rule_id, w.since, w.user_id)) END,
                h.user_id IS NOT NULL, p.seats - p.used, greatest(p.seats - p.used - p.held, 0)
            FROM pools p
            LEFT JOIN grants g ON g.account_id = p.account_id AND g.pool_id = p.pool_id AND g.user_id = $2
            LEFT JOIN waiting w ON w.account_id = p.account_id AND w.pool_id = p.pool_id AND w.user_id = $2
            LEFT JOIN rules r ON r.account_id = w.account_id AND r.rule_id = w.rule_id
            LEFT JOIN held_seats h ON h.account_id = p.account_id AND h.pool_id = p.pool_id AND h.user_id = $2
            WHERE p.account_id = $1 ORDER BY p.product COLLATE "C"
            """,
            account, user));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var standing = new UserSeatState(
            user, reader.GetString(0), reader.Text(1), EnumNames.UserStatus(reader.GetString(2)), reader.GetBoolean(3), reader.Id(4), []);
        await reader.NextResultAsync(cancellationToken);
        var rules = new List<(Guid Pool, MatchingRule Rule)>();
        while (await reader.ReadAsync(cancellationToken))
            rules.Add((reader.GetGuid(0), new MatchingRule(reader.GetGuid(1), reader.GetInt32(2), reader.GetString(3), reader.Id(4), reader.Text(5))));
        await reader.NextResultAsync(cancellationToken);
        var pools = new List<UserPoolState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var pool = reader.GetGuid(0);
            var manualAt = reader.TimeOrNull(3);
            pools.Add(new UserPoolState(
                pool, reader.GetString(1), reader.TimeOrNull(2), manualAt, manualAt is null ? null : reader.Actor(4), reader.TimeOrNull(7), reader.GetInt64(8),
                reader.GetBoolean(9), reader.GetInt32(10), reader.GetInt32(11), [.. rules.Where(rule => rule.Pool == pool).Select(rule => rule.Rule)]));
        }
        return standing with { Pools = pools };
    }
}
