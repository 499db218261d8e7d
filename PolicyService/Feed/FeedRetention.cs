using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace PolicyService.Feed;

/// <summary>
/// Deletes expired records of the feed once an hour and stores the last deleted position, so that a client with an older
/// position gets 410 and does not miss records.
/// </summary>
internal sealed class FeedRetention(
    [FromKeyedServices(Database.Background)] NpgsqlDataSource database, IOptions<FeedOptions> options, TimeProvider clock, ILogger<FeedRetention> log) : BackgroundService
{
    private const int RecordsAtOnce = 5_000;

    private readonly BackgroundLoop loop = new("The deletion of old membership changes", clock, log, longestBackOff: TimeSpan.FromMinutes(10));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(
        TimeSpan.FromHours(1),
        cancellationToken => DeleteExpiredAsync(clock.GetUtcNow() - options.Value.Retention, cancellationToken),
        stoppingToken);

    internal async Task DeleteExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var went = 1; went > 0 && await AccountsAsync(before, cancellationToken) is { Count: > 0 } accounts;)
        {
            went = 0;
            foreach (var account in accounts)
            {
                await using var command = database.CreateCommand(
                    $"""
                    WITH due AS (
                        SELECT max(oldest.position) AS position
                        FROM (SELECT position, at FROM membership_changes WHERE account_id = $1 ORDER BY position LIMIT {RecordsAtOnce}) oldest
                        WHERE oldest.at < $2),
                    deleted AS (DELETE FROM membership_changes c USING due WHERE c.account_id = $1 AND c.position <= due.position)
                    UPDATE membership_feeds f SET expired = greatest(f.expired, due.position) FROM due WHERE f.account_id = $1 AND due.position IS NOT NULL
                    """,
                    account, before);
                went += await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private async Task<List<Guid>> AccountsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT DISTINCT account_id FROM membership_changes WHERE at < $1 LIMIT 100", before);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) accounts.Add(reader.GetGuid(0));
        return accounts;
    }
}
