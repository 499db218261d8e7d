using Npgsql;
using PolicyService.Feed;
using PolicyService.Policies;
using ServiceDefaults.Storage;

namespace PolicyService.Members;

/// <summary>Stores and reads when a user joined and left policies.</summary>
internal sealed class MembershipHistory(NpgsqlDataSource database)
{
    /// <summary>
    /// Appends changes with the facts that caused them: the fact about the user, otherwise the facts about its groups. A user
    /// that was inactive between two facts of one batch left and joined again.
    /// </summary>
    internal static async Task AppendAsync(
        NpgsqlTransaction transaction, MembershipImpact moves, IReadOnlyList<MembershipComparison> standings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var users = moves.Users.ToDictionary(move => move.After.UserId);
        var edges = moves.Edges.GroupBy(move => move.UserId).ToDictionary(user => user.Key, user => user.Last().EventId);
        var steps = new List<(MembershipComparison Of, bool Joined)>();
        foreach (var standing in standings)
        {
            var blinked = standing is { InStored: true, InHypothetical: true } && users.TryGetValue(standing.UserId, out var move) && MembershipImpact.WasBrieflyInactive(move);
            if (blinked || !standing.InStored) steps.Add((standing, false));
            if (blinked || !standing.InHypothetical) steps.Add((standing, true));
        }
        if (steps is []) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            INSERT INTO membership_history (account_id, user_id, policy_id, policy_name, kind, reason, event_id, at)
            SELECT $1, m.user_id, m.policy_id, p.name, CASE WHEN m.joined THEN 'joined' ELSE 'left' END, CASE WHEN m.by_user THEN 'user' ELSE 'group' END, m.event_id, $7
            FROM unnest($2, $3, $4, $5, $6) AS m (user_id, policy_id, joined, by_user, event_id)
            JOIN policies p ON p.account_id = $1 AND p.policy_id = m.policy_id
            ORDER BY m.joined -- left before joined
            """,
            moves.Account,
            steps.Select(step => step.Of.UserId).ToArray(), steps.Select(step => step.Of.PolicyId).ToArray(), steps.Select(step => step.Joined).ToArray(),
            steps.Select(step => users.ContainsKey(step.Of.UserId)).ToArray(),
            steps.Select(step => users.TryGetValue(step.Of.UserId, out var user) ? user.EventId : edges[step.Of.UserId]).ToArray(),
            now));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Up to <paramref name="limit"/> entries, newest first, all older than <paramref name="before"/>.</summary>
    internal async Task<List<MembershipEvent>> ListByUserAsync(Guid account, Guid user, DateTimeOffset? before, int limit, CancellationToken cancellationToken)
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
