using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Storage;

/// <summary>
/// Deletes edges to users who are removed. A removal deletes the edges that it sees; an addition that began before it and
/// commits after it leaves one, because an addition takes no lock on users. Nobody is shown such an edge, and no fact tells
/// of it: users who are removed are members of nothing. It would only stay for ever.
/// <code>
/// addition   ├─ sees the user ─ inserts the edge ───────────── commit ┤
/// removal          ├─ sees no edge ─ removes the user ─ commit ┤
/// here                                                                  ├─ removed of late, edge left: delete ┤
/// </code>
/// </summary>
internal sealed class MembershipsOfRemovedUsers([FromKeyedServices(Database.Background)] NpgsqlDataSource db, TimeProvider clock, ILogger<MembershipsOfRemovedUsers> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Far longer than an addition takes: its statement is ended after 60 s.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>The first pass looks further back: the service may have been down.</summary>
    private static readonly TimeSpan AtStart = TimeSpan.FromDays(1);

    private readonly BackgroundLoop loop = new("The deletion of edges to removed users", clock, log);
    private DateTimeOffset? seen;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Every, DeleteAsync, stoppingToken);

    internal async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var now = Clock.Now(clock);
        // The index events_let_go serves it, by the words of its condition.
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
