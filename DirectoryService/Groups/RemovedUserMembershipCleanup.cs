using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Groups;

/// <summary>
/// Deletes memberships of removed users. The removal of a user deletes the memberships that it sees; a concurrent addition that
/// commits later leaves one behind, because additions take no lock on users. Such a membership is not visible and not in any
/// fact, because removed users count as members of nothing; but it would stay for ever.
/// <code>
/// addition   ├─ sees the user ─ inserts the edge ───────────── commit ┤
/// removal          ├─ sees no edge ─ removes the user ─ commit ┤
/// this loop                                                             ├─ recently removed user: delete edge ┤
/// </code>
/// </summary>
internal sealed class RemovedUserMembershipCleanup([FromKeyedServices(Database.Background)] NpgsqlDataSource db, TimeProvider clock, ILogger<RemovedUserMembershipCleanup> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How far each pass looks back: much longer than an addition, whose statement times out after 60 s.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>How far the first pass looks back, because the service may have been down.</summary>
    private static readonly TimeSpan AtStart = TimeSpan.FromDays(1);

    private readonly BackgroundLoop loop = new("The deletion of edges to removed users", clock, log);
    private DateTimeOffset? seen;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Every, DeleteAsync, stoppingToken);

    internal async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var now = Clock.Now(clock);
        // Uses the partial index events_let_go; the condition must be the same as the index's.
        await using var command = db.CreateCommand("""
            DELETE FROM group_members m USING (
              SELECT DISTINCT (payload->>'scimId')::uuid AS scim_id FROM events
              WHERE at > $1 AND aggregate = 'user' AND change IN ('deactivated', 'removed') AND change = 'removed') gone
            WHERE m.user_scim_id = gone.scim_id AND NOT EXISTS (SELECT FROM users u WHERE u.scim_id = gone.scim_id AND NOT u.removed)
            """);
        command.Parameters.With((seen ?? now - AtStart) - Overlap);
        await command.ExecuteNonQueryAsync(cancellationToken);
        seen = now;
    }
}
