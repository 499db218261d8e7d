using Contracts.Events.V1;
using LicenseService.Pools;
using LicenseService.Storage;
using LicenseService.Waiting;
using LicenseService.Work;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Rules;

/// <summary>What creating or deleting a rule would do.</summary>
/// <param name="Order">The position of the rule among the rules of its pool.</param>
/// <param name="Users">The affected users by effect; an effect without users is left out.</param>
internal sealed record RuleForecast(Pool Pool, int Order, string? GroupName, GroupStatus? GroupStatus, IReadOnlyDictionary<RuleEffect, AffectedUsers> Users)
{
    internal AffectedUsers Of(RuleEffect effect) => Users.GetValueOrDefault(effect, AffectedUsers.Nobody);
}

/// <summary>The effect of a rule on a user that it names: of its creation, and (from <see cref="LosesSeat"/> on) of its deletion.</summary>
internal enum RuleEffect
{
    GetsSeat,
    HoldsSeat,
    Waits,
    NotActive,
    NoEmail,
    LosesSeat,
    /// <summary>An admin or another rule gives the seat as well.</summary>
    KeepsSeat,
    /// <summary>Leaves the waiting list, because no other rule gives a seat.</summary>
    LeavesLine,
}

/// <param name="First">The first users, in the order in which they get a seat, or by id.</param>
internal sealed record AffectedUsers(long Count, IReadOnlyList<AffectedUser> First)
{
    internal static readonly AffectedUsers Nobody = new(0, []);
}

internal sealed record AffectedUser(Guid UserId, string UserName, string? DisplayName);

/// <summary>Computes what creating or deleting a rule would do, in the order of <see cref="SeatAllocation"/>. Locks and changes nothing.</summary>
internal sealed class RulePreviewQuery(NpgsqlDataSource database)
{
    private const int Shown = 20;

    private static readonly string Beginning =
        $"""
        SELECT p.product, p.seats, p.used, p.held,
            coalesce($5, (SELECT least(coalesce(max(position) + 1, 0), {RuleStore.MaxOrder}) FROM rules WHERE account_id = $1 AND pool_id = $2)),
            g.display_name, g.status,
            EXISTS (SELECT FROM rules r WHERE r.account_id = $1 AND r.pool_id = $2 AND r.kind = $3 AND r.group_id IS NOT DISTINCT FROM $4)
        FROM pools p LEFT JOIN groups g ON g.account_id = p.account_id AND g.group_id = $4::uuid
        WHERE p.account_id = $1 AND p.pool_id = $2
        """;

    /// <summary>SQL of the users that a rule of this kind names. Removed users do not count.</summary>
    private static string Named(RuleKind kind) => kind switch
    {
        RuleKind.Group =>
            """
            FROM groups m
            JOIN edges e ON e.account_id = m.account_id AND e.group_scim_id = m.scim_id AND e.present
            CROSS JOIN LATERAL (
                SELECT * FROM users WHERE account_id = e.account_id AND user_id = e.user_id AND scim_id = e.user_scim_id LIMIT 1) u
            WHERE m.account_id = $1 AND m.group_id = $3 AND m.status = 'live' AND u.status <> 'removed'
            """,
        RuleKind.AllUsers => "FROM users u WHERE u.account_id = $1 AND $3::uuid IS NULL AND u.status <> 'removed'",
        RuleKind.AllScimUsers => "FROM users u WHERE u.account_id = $1 AND $3::uuid IS NULL AND u.status <> 'removed' AND u.directory_id IS NOT NULL",
        RuleKind.AllManualUsers => "FROM users u WHERE u.account_id = $1 AND $3::uuid IS NULL AND u.status <> 'removed' AND u.directory_id IS NULL",
    };

    /// <summary>
    /// Builds the waiting list as it would be: its present users, and the users that the rule adds, behind others of the same
    /// position. A user who waits for a later rule moves forward to this one.
    /// </summary>
    private static string Forecast(RuleKind kind) =>
        $"""
        WITH room AS (
            SELECT seats - used AS free, greatest(seats - used - held, 0) AS open FROM pools WHERE account_id = $1 AND pool_id = $2),
        named AS MATERIALIZED (SELECT u.user_id, u.user_name, u.display_name, u.status, u.has_email {Named(kind)}),
        seen AS (
            SELECT n.user_id, n.user_name, n.display_name, h.user_id IS NOT NULL AS own, coalesce(w.since, 'infinity') AS since,
                CASE WHEN r.position <= $4 THEN r.position ELSE $4 END AS position,
                CASE WHEN r.position <= $4 THEN r.rule_id ELSE 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid END AS rule_id,
                CASE WHEN n.status <> 'active' THEN 'notActive' WHEN NOT n.has_email THEN 'noEmail' WHEN g.user_id IS NOT NULL THEN 'holdsSeat' END AS effect
            FROM named n
            -- LIMIT 1 forces an index look-up per user, also when the statistics of a growing table are out of date.
            LEFT JOIN LATERAL (SELECT user_id FROM grants WHERE account_id = $1 AND pool_id = $2 AND user_id = n.user_id LIMIT 1) g ON true
            LEFT JOIN LATERAL (SELECT user_id FROM held_seats WHERE account_id = $1 AND pool_id = $2 AND user_id = n.user_id LIMIT 1) h ON true
            LEFT JOIN LATERAL (SELECT rule_id, since FROM waiting WHERE account_id = $1 AND pool_id = $2 AND user_id = n.user_id LIMIT 1) w ON true
            LEFT JOIN rules r ON r.account_id = $1 AND r.rule_id = w.rule_id),
        everybody AS (
            SELECT *, true AS named FROM seen
            UNION ALL
            SELECT w.user_id, NULL, NULL, h.user_id IS NOT NULL, w.since, r.position, r.rule_id, NULL, false
            FROM waiting w JOIN rules r ON r.account_id = w.account_id AND r.rule_id = w.rule_id
            LEFT JOIN held_seats h ON h.account_id = w.account_id AND h.pool_id = w.pool_id AND h.user_id = w.user_id
            WHERE w.account_id = $1 AND w.pool_id = $2),
        once AS ( -- a named user who waits already counts once; by a window, because a join has no good plan on tables without statistics
            SELECT * FROM (SELECT *, bool_or(named) OVER (PARTITION BY user_id) AS is_named FROM everybody) e WHERE named OR NOT is_named),
        placed AS (
            SELECT *, row_number() OVER (PARTITION BY effect IS NULL, own ORDER BY position, rule_id, since, user_id) AS place FROM once),
        settled AS (
            SELECT p.user_id, p.user_name, p.display_name, CASE WHEN effect IS NULL THEN p.place END AS place,
                coalesce(effect, CASE WHEN p.place <= CASE WHEN p.own THEN room.free ELSE room.open END THEN 'getsSeat' ELSE 'waits' END) AS effect
            FROM placed p CROSS JOIN room WHERE named),
        numbered AS (
            SELECT effect, user_id, user_name, display_name, count(*) OVER (PARTITION BY effect) AS users,
                row_number() OVER (PARTITION BY effect ORDER BY place, user_id) AS number
            FROM settled)
        SELECT effect, users, user_id, user_name, display_name FROM numbered WHERE number <= {Shown} ORDER BY effect, number
        """;

    /// <summary>What <see cref="Eligibility"/> would decide about each named user without the rule.</summary>
    private static string ForecastOfEnd(RuleKind kind) =>
        $"""
        WITH named AS MATERIALIZED (SELECT u.account_id, u.user_id, u.scim_id, u.directory_id, u.user_name, u.display_name {Named(kind)}),
        settled AS (
            SELECT u.user_id, u.user_name, u.display_name, CASE
                WHEN g.user_id IS NULL AND w.user_id IS NULL THEN NULL
                WHEN g.manual_at IS NOT NULL OR EXISTS (SELECT FROM {EntitlementSql.Rules} r WHERE r.pool_id = $2 AND r.rule_id <> $4)
                THEN CASE WHEN g.user_id IS NOT NULL THEN 'keepsSeat' END
                WHEN g.user_id IS NOT NULL THEN 'losesSeat' ELSE 'leavesLine' END AS effect
            FROM named u
            LEFT JOIN LATERAL (SELECT user_id, manual_at FROM grants WHERE account_id = $1 AND pool_id = $2 AND user_id = u.user_id LIMIT 1) g ON true
            LEFT JOIN LATERAL (SELECT user_id FROM waiting WHERE account_id = $1 AND pool_id = $2 AND user_id = u.user_id LIMIT 1) w ON true),
        numbered AS (
            SELECT effect, user_id, user_name, display_name, count(*) OVER (PARTITION BY effect) AS users,
                row_number() OVER (PARTITION BY effect ORDER BY user_id) AS number
            FROM settled WHERE effect IS NOT NULL)
        SELECT effect, users, user_id, user_name, display_name FROM numbered WHERE number <= {Shown} ORDER BY effect, number
        """;

    /// <summary>Returns null when the pool has no such rule.</summary>
    internal async Task<(Rule Rule, RuleForecast Forecast)?> OfEndAsync(Guid account, Guid pool, Guid rule, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        Rule ending;
        RuleForecast forecast;
        await using (var beginning = new NpgsqlBatch(connection, transaction))
        {
            beginning.BatchCommands.Add(SqlStatement.Of(
                """
                SELECT p.product, p.seats, p.used, p.held, r.position, r.kind, r.group_id, g.display_name, g.status
                FROM rules r JOIN pools p ON p.account_id = r.account_id AND p.pool_id = r.pool_id
                LEFT JOIN groups g ON g.account_id = r.account_id AND g.group_id = r.group_id
                WHERE r.account_id = $1 AND r.pool_id = $2 AND r.rule_id = $3
                """,
                account, pool, rule));
            await using var row = await beginning.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken)) return null;
            ending = new Rule(rule, pool, EnumNames.RuleKind(row.GetString(5)), row.Id(6), row.GetInt32(4));
            forecast = Read(row, pool, ending.Order, group: 7);
        }
        var users = await UsersAsync(transaction, SqlStatement.Of(ForecastOfEnd(ending.Kind), account, pool, ending.GroupId, rule), cancellationToken);
        return (ending, forecast with { Users = users });
    }

    /// <summary>Returns the forecast, or the reason why such a rule cannot be created.</summary>
    internal async Task<(RuleForecast? Forecast, RuleOutcome? Refused)> OfNewRuleAsync(
        Guid account, Guid pool, RuleKind kind, Guid? group, int? order, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Both statements see one snapshot, so that the numbers add up.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        RuleForecast forecast;
        await using (var beginning = new NpgsqlBatch(connection, transaction))
        {
            beginning.BatchCommands.Add(SqlStatement.Of(Beginning, account, pool, kind.Word(), group, order));
            await using var row = await beginning.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken)) return (null, new RuleOutcome.NoSuchPool());
            if (group is not null && row.IsDBNull(6)) return (null, new RuleOutcome.UnknownGroup());
            if (row.GetBoolean(7)) return (null, new RuleOutcome.Exists());
            forecast = Read(row, pool, row.GetInt32(4), group: 5);
        }
        return (forecast with { Users = await UsersAsync(transaction, SqlStatement.Of(Forecast(kind), account, pool, group, forecast.Order), cancellationToken) }, null);
    }

    /// <summary>A forecast without users yet, of a row that begins with the pool's columns.</summary>
    /// <param name="group">Index of the column of the group's name; its status is the next one.</param>
    private static RuleForecast Read(NpgsqlDataReader row, Guid pool, int order, int group) => new(
        new Pool(pool, row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), order, row.Text(group),
        row.Text(group + 1) is { } status ? ProjectionStatusNames.GroupStatus(status) : null, new Dictionary<RuleEffect, AffectedUsers>());

    private static async Task<Dictionary<RuleEffect, AffectedUsers>> UsersAsync(
        NpgsqlTransaction transaction, NpgsqlBatchCommand statement, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (counts, users) = (new Dictionary<RuleEffect, long>(), new List<(RuleEffect Effect, AffectedUser User)>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var effect = EnumNames.Find<RuleEffect>(reader.GetString(0))!.Value;
            counts[effect] = reader.GetInt64(1);
            users.Add((effect, new AffectedUser(reader.GetGuid(2), reader.GetString(3), reader.Text(4))));
        }
        return counts.ToDictionary(pair => pair.Key, pair => new AffectedUsers(pair.Value, [.. users.Where(user => user.Effect == pair.Key).Select(user => user.User)]));
    }
}
