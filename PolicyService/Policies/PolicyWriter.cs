using Npgsql;
using PolicyService.Feed;
using PolicyService.Storage;
using ServiceDefaults.Storage;

namespace PolicyService.Policies;

/// <summary>
/// Creates, updates and deletes policies. Each change and its feed record are written in one transaction under the feed's lock.
/// An update that changes nothing makes no record.
/// </summary>
internal sealed class PolicyWriter(NpgsqlDataSource database, MembershipFeed feed, FeedSignal signal, TimeProvider clock)
{
    private const string NameConstraint = "name_is_taken";

    internal Task<WriteOutcome> CreateAsync(Guid account, Guid policy, PolicyDraft draft, CancellationToken cancellationToken) =>
        WriteAsync(account, async transaction =>
        {
            var definition = draft.ApplyTo(PolicyDefinition.New);
            if (definition.Contradiction() is { } both) return (new WriteOutcome.ContradictoryTerm(both), null);
            await ExecuteAsync(transaction, cancellationToken, SqlStatement.Of(
                $"""
                INSERT INTO policies (account_id, policy_id, name, name_key, kind, action, enabled, position, everyone, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7,
                    coalesce($8::integer, (SELECT least(coalesce(max(position) + 1, 0), {PolicyDraft.MaxOrder}) FROM policies WHERE account_id = $1)), $9, $10, $10)
                """,
                account, policy, definition.Name, definition.NameKey, definition.Kind.Word(), definition.Action.Word(), definition.Enabled,
                definition.Order, definition.Everyone, clock.GetUtcNow()),
                Terms(account, policy, definition));
            return (new WriteOutcome.Done(), FeedChange.ReRead(ChangeReason.PolicyCreated, policy));
        }, cancellationToken);

    internal Task<WriteOutcome> UpdateAsync(Guid account, Guid policy, PolicyDraft draft, CancellationToken cancellationToken) =>
        WriteAsync(account, async transaction =>
        {
            if (await FindAsync(transaction, account, policy, cancellationToken) is not { } before) return (new WriteOutcome.NoSuchPolicy(), null);
            var definition = draft.ApplyTo(before);
            if (definition.Contradiction() is { } both) return (new WriteOutcome.ContradictoryTerm(both), null);
            if (definition.SameAs(before)) return (new WriteOutcome.Done(), null);
            await ExecuteAsync(transaction, cancellationToken, SqlStatement.Of(
                """
                UPDATE policies SET name = $3, name_key = $4, kind = $5, action = $6, enabled = $7, position = $8, everyone = $9, updated_at = $10
                WHERE account_id = $1 AND policy_id = $2
                """,
                account, policy, definition.Name, definition.NameKey, definition.Kind.Word(), definition.Action.Word(), definition.Enabled,
                definition.Order, definition.Everyone, clock.GetUtcNow()));
            if (!definition.Terms.SetEquals(before.Terms))
                await ExecuteAsync(transaction, cancellationToken,
                    SqlStatement.Of(
                        """
                        DELETE FROM policy_terms t WHERE t.account_id = $1 AND t.policy_id = $2
                        AND NOT EXISTS (SELECT FROM unnest($3, $4) AS n (subject, subject_id) WHERE n.subject = t.subject AND n.subject_id = t.subject_id)
                        """,
                        account, policy, definition.Terms.Select(term => term.Subject.Word()).ToArray(), definition.Terms.Select(term => term.Id).ToArray()),
                    Terms(account, policy, definition));
            return (new WriteOutcome.Done(), FeedChange.ReRead(ChangeReason.PolicyChanged, policy));
        }, cancellationToken);

    internal Task<WriteOutcome> DeleteAsync(Guid account, Guid policy, CancellationToken cancellationToken) =>
        WriteAsync(account, async transaction =>
            await ExecuteAsync(transaction, cancellationToken, SqlStatement.Of("DELETE FROM policies WHERE account_id = $1 AND policy_id = $2", account, policy)) > 0
                ? (new WriteOutcome.Done(), FeedChange.ReRead(ChangeReason.PolicyDeleted, policy))
                : (new WriteOutcome.NoSuchPolicy(), null), cancellationToken);

    private async Task<WriteOutcome> WriteAsync(
        Guid account, Func<NpgsqlTransaction, Task<(WriteOutcome, FeedChange?)>> write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var position = await MembershipFeed.LockAsync(transaction, account, cancellationToken);
        try
        {
            var (outcome, change) = await write(transaction);
            if (change is null) return outcome;
            await feed.AppendAsync(transaction, account, position, [change], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            signal.Raise(account);
            return outcome;
        }
        catch (PostgresException error) when (error.ConstraintName == NameConstraint)
        {
            return new WriteOutcome.NameTaken();
        }
    }

    /// <summary>
    /// Inserts the terms. A user is stored with its current incarnation; a user that was named before keeps the stored
    /// incarnation.
    /// </summary>
    private static NpgsqlBatchCommand Terms(Guid account, Guid policy, PolicyDefinition definition) => SqlStatement.Of(
        """
        INSERT INTO policy_terms AS t (account_id, policy_id, subject, subject_id, excluded, user_scim_id)
        SELECT $1, $2, n.subject, n.subject_id, n.excluded, u.scim_id
        FROM unnest($3, $4, $5) AS n (subject, subject_id, excluded)
        LEFT JOIN users u ON n.subject = 'user' AND u.account_id = $1 AND u.user_id = n.subject_id
        WHERE n.subject <> 'user' OR u.scim_id IS NOT NULL
        ON CONFLICT (account_id, policy_id, subject, subject_id) DO UPDATE SET excluded = excluded.excluded WHERE t.excluded <> excluded.excluded
        """,
        account, policy, definition.Terms.Select(term => term.Subject.Word()).ToArray(), definition.Terms.Select(term => term.Id).ToArray(),
        definition.Terms.Select(term => term.Excluded).ToArray());

    /// <summary>
    /// Reads the definition without users whose incarnation has ended: naming such a user again stores its current incarnation.
    /// </summary>
    private static async Task<PolicyDefinition?> FindAsync(NpgsqlTransaction transaction, Guid account, Guid policy, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            DELETE FROM policy_terms t USING users u
            WHERE t.account_id = $1 AND t.policy_id = $2 AND t.subject = 'user' AND u.account_id = $1 AND u.user_id = t.subject_id
            AND (u.scim_id <> t.user_scim_id OR u.status = 'removed')
            """,
            account, policy));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT p.name, p.name_key, p.kind, p.action, p.enabled, p.position, p.everyone, t.subject, t.subject_id, t.excluded
            FROM policies p LEFT JOIN policy_terms t ON t.account_id = p.account_id AND t.policy_id = p.policy_id
            WHERE p.account_id = $1 AND p.policy_id = $2
            """,
            account, policy));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        PolicyDefinition? found = null;
        var terms = new HashSet<DefinitionTerm>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found ??= new PolicyDefinition(
                reader.GetString(0), reader.GetString(1), PolicyEnumNames.Kind(reader.GetString(2)), PolicyEnumNames.Action(reader.GetString(3)), reader.GetBoolean(4),
                reader.GetInt32(5), reader.GetBoolean(6), terms);
            if (!reader.IsDBNull(7)) terms.Add(new DefinitionTerm(PolicyEnumNames.Subject(reader.GetString(7)), reader.GetGuid(8), reader.GetBoolean(9)));
        }
        return found;
    }

    /// <returns>The number of rows written.</returns>
    private static async Task<int> ExecuteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal abstract record WriteOutcome
{
    internal sealed record Done : WriteOutcome;

    internal sealed record NoSuchPolicy : WriteOutcome;

    internal sealed record NameTaken : WriteOutcome;

    /// <param name="Term">A source and an exclusion at once.</param>
    internal sealed record ContradictoryTerm(DefinitionTerm Term) : WriteOutcome;
}
