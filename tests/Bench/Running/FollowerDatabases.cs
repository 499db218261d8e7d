using Npgsql;

namespace Bench.Running;

/// <summary>What license and policy service know, read from their databases past them: it costs them little, and shows commits.</summary>
internal sealed class FollowerDatabases(MeasuredSystem system) : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource license = system.Open("license");
    private readonly NpgsqlDataSource policy = system.Open("policy");

    /// <summary>
    /// Ends when both know that many users and memberships of this prefix: names of users and groups begin with it. The time
    /// of each service's end, as a timestamp of the stopwatch.
    /// </summary>
    internal async Task<(long License, long Policy)> LevelAsync(string prefix, int users, int memberships, CancellationToken cancellationToken)
    {
        var both = await Task.WhenAll(ReachedAsync(license), ReachedAsync(policy));
        return (both[0], both[1]);

        Task<long> ReachedAsync(NpgsqlDataSource database) => UntilAsync(database, Poll, $"{users} users and {memberships} memberships",
            """
            SELECT (SELECT count(*) FROM users WHERE user_name LIKE $1 || '%') = $2
               AND (SELECT count(*) FROM edges e JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id
                    WHERE e.present AND g.display_name LIKE $1 || '%') = $3
            """, cancellationToken, prefix, users, memberships);
    }

    /// <summary>Internal ids in the order of the SCIM ids.</summary>
    internal async Task<Guid[]> InternalIdsAsync(IReadOnlyList<Guid> scimIds, string table, CancellationToken cancellationToken)
    {
        await using var command = system.Database.CreateCommand($"SELECT scim_id, id FROM {table} WHERE scim_id = ANY($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = scimIds.ToArray() });
        var ids = new Dictionary<Guid, Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids[reader.GetGuid(0)] = reader.GetGuid(1);
        return [.. scimIds.Select(id => ids[id])];
    }

    /// <summary>Of these users, those who hold a seat.</summary>
    internal Task<List<Guid>> HoldersAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellationToken) =>
        IdsAsync(license, "SELECT user_id FROM grants WHERE user_id = ANY($1)", users, cancellationToken);

    /// <summary>Of these users, those to whom policies apply: they are active there.</summary>
    internal Task<List<Guid>> ActiveAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellationToken) =>
        IdsAsync(policy, "SELECT user_id FROM users WHERE user_id = ANY($1) AND status = 'active'", users, cancellationToken);

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource database, string sql, IReadOnlyCollection<Guid> users, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = users.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(reader.GetGuid(0));
        return found;
    }

    private static async Task<long> UntilAsync(
        NpgsqlDataSource database, TimeSpan poll, string what, string sql, CancellationToken cancellationToken, params object[] values)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(poll);
        do
        {
            await using var command = database.CreateCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            if (await command.ExecuteScalarAsync(cancellationToken) is true) return System.Diagnostics.Stopwatch.GetTimestamp();
        }
        while (System.Diagnostics.Stopwatch.GetElapsedTime(began) < Bound && await timer.WaitForNextTickAsync(cancellationToken));
        throw new InvalidOperationException($"Waited {Bound} in vain for {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        await license.DisposeAsync();
        await policy.DisposeAsync();
    }
}
