using Npgsql;
using PolicyService.Members;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Feed;

/// <summary>
/// The policy service's reaction to facts: appends membership changes to the feed and to the users' histories.
/// <code>
/// users and edges that changed ─► their policies now and before ─► differences, in records of k users
/// groups that became live or ceased to be live ─► one record "read these policies again", whatever their size
/// </code>
/// "Before" is computed from the current rows with the changes of this batch undone. That is correct only under the feed's
/// lock: see <see cref="MembershipFeed"/>.
/// </summary>
internal sealed class MembershipFactReaction(MembershipFeed feed, FeedSignal signal, FactArrivalSignal arrivals, TimeProvider clock) : IFactReaction
{
    public async Task<Action?> ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken)
    {
        var accounts = MembershipImpact.Of(applied).ToList();
        foreach (var moves in accounts) await ReactAsync(transaction, moves, cancellationToken);
        return () =>
        {
            foreach (var move in applied.Directories) arrivals.Arrived(move.After.DirectoryId);
            foreach (var moves in accounts) signal.Raise(moves.Account);
        };
    }

    public async Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken)
    {
        var position = await MembershipFeed.LockAsync(transaction, accountId, cancellationToken);
        var enabled = await GuidsAsync(transaction, "SELECT policy_id FROM policies WHERE account_id = $1 AND enabled", cancellationToken, accountId);
        if (enabled is not []) await feed.AppendAsync(transaction, accountId, position, [FeedChange.ReRead(ChangeReason.Rebuilt, [.. enabled])], cancellationToken);
    }

    private async Task ReactAsync(NpgsqlTransaction transaction, MembershipImpact all, CancellationToken cancellationToken)
    {
        // The lock is also taken when no policy is concerned, so that a policy created at the same time sees either all of this
        // batch or none of it.
        var position = await MembershipFeed.LockAsync(transaction, all.Account, cancellationToken);
        var moves = all.WithGroups((await GuidsAsync(
            transaction, "SELECT DISTINCT subject_id FROM policy_terms WHERE account_id = $1 AND subject = 'group' AND subject_id = ANY ($2)", cancellationToken,
            all.Account, all.Groups.Select(move => move.After.GroupId).Concat(all.Edges.Select(move => move.GroupId)).Distinct().ToArray())).ToHashSet());
        var changes = new List<FeedChange>();
        var reRead = await AppendReReadAsync(transaction, moves, cancellationToken);
        if (reRead is not []) changes.Add(FeedChange.ReRead(ChangeReason.GroupChanged, [.. reRead]));

        Guid[] users = [.. moves.Users.Select(move => move.After.UserId).Concat(moves.Edges.Select(move => move.UserId)).Distinct()];
        if (users is not [])
        {
            var before = new HypotheticalState(
                [.. moves.Users.Select(HypotheticalUser.FromBefore)], [.. moves.Edges.Select(HypotheticalEdge.FromBefore)], [.. moves.Groups.Select(HypotheticalGroup.FromBefore)]);
            var standings = await before.CompareAsync(
                transaction.Connection!, moves.Account, users, onlyChanged: !moves.Users.Any(MembershipImpact.WasBrieflyInactive), cancellationToken);
            await MembershipHistory.AppendAsync(transaction, moves, standings, clock.GetUtcNow(), cancellationToken);
            changes.AddRange(standings
                .Where(standing => standing.InStored != standing.InHypothetical && !reRead.Contains(standing.PolicyId))
                .GroupBy(standing => standing.PolicyId)
                .SelectMany(policy => FeedChange.Members(policy.Key, policy.Select(standing => (standing.UserId, standing.InStored)))));
        }
        await feed.AppendAsync(transaction, moves.Account, position, changes, cancellationToken);
    }

    private static async Task<List<Guid>> AppendReReadAsync(NpgsqlTransaction transaction, MembershipImpact moves, CancellationToken cancellationToken) =>
        moves.Groups is []
            ? []
            : await GuidsAsync(
                transaction,
                """
                SELECT DISTINCT p.policy_id FROM policy_terms t JOIN policies p ON p.account_id = t.account_id AND p.policy_id = t.policy_id AND p.enabled
                WHERE t.account_id = $1 AND t.subject = 'group' AND t.subject_id = ANY ($2)
                """,
                cancellationToken, moves.Account, moves.Groups.Select(move => move.After.GroupId).ToArray());

    private static async Task<List<Guid>> GuidsAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(sql, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}
