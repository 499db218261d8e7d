using System.Globalization;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Waiting;

/// <param name="OwnSeatHeld">A hold keeps back the seat that this user had; the user gets that one.</param>
internal sealed record WaitingUser(
    Guid UserId, string UserName, string? DisplayName, Guid RuleId, int Order, DateTimeOffset Since, bool OwnSeatHeld);

/// <summary>The last entry of a page of the waiting list; the next page begins after it.</summary>
internal sealed record WaitingListPosition(int Order, Guid RuleId, DateTimeOffset Since, Guid UserId)
{
    /// <summary>The text that callers send back as <c>after</c>. It is opaque to them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Order}.{RuleId:n}.{Since.UtcTicks}.{UserId:n}");

    internal static WaitingListPosition? TryParse(string text) =>
        text.Split('.') is [var order, var rule, var since, var user]
        && int.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && Guid.TryParseExact(rule, "n", out var ruleId)
        && long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
        && Guid.TryParseExact(user, "n", out var userId)
            ? new WaitingListPosition(position, ruleId, new DateTimeOffset(ticks, TimeSpan.Zero), userId)
            : null;
}

/// <summary>Reads the waiting list of a pool.</summary>
internal sealed class WaitingListStore(NpgsqlDataSource database)
{
    /// <summary>Up to <paramref name="limit"/> entries in the order in which they get a seat. For each rule the query reads only the next entries, by index.</summary>
    internal async Task<List<WaitingUser>> ListAsync(Guid account, Guid pool, WaitingListPosition? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT u.user_id, u.user_name, u.display_name, r.rule_id, r.position, w.since,
                w.own AND EXISTS (SELECT FROM held_seats h WHERE h.account_id = $1 AND h.pool_id = $2 AND h.user_id = w.user_id)
            FROM rules r CROSS JOIN LATERAL (
                SELECT user_id, since, own FROM waiting
                WHERE account_id = $1 AND pool_id = $2 AND rule_id = r.rule_id
                  AND ((r.position, r.rule_id) > ($3, $4) OR (since, user_id) > ($5, $6))
                ORDER BY since, user_id LIMIT $7) w
            JOIN users u ON u.account_id = r.account_id AND u.user_id = w.user_id
            WHERE r.account_id = $1 AND r.pool_id = $2 AND (r.position, r.rule_id) >= ($3, $4)
            ORDER BY r.position, r.rule_id, w.since, w.user_id LIMIT $7
            """,
            account, pool, after?.Order ?? 0, after?.RuleId ?? Guid.Empty, after?.Since ?? DateTimeOffset.MinValue, after?.UserId ?? Guid.Empty, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var users = new List<WaitingUser>();
        while (await reader.ReadAsync(cancellationToken))
            users.Add(new WaitingUser(
                reader.GetGuid(0), reader.GetString(1), reader.Text(2), reader.GetGuid(3), reader.GetInt32(4), reader.Time(5), reader.GetBoolean(6)));
        return users;
    }
}
