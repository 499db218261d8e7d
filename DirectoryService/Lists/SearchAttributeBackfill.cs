using System.ComponentModel.DataAnnotations;
using DirectoryService.Storage;
using DirectoryService.Users;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Lists;

/// <summary>Options of the backfill of search attributes.</summary>
internal sealed class SearchAttributeOptions
{
    internal const string Section = "SearchAttributes";

    /// <summary>
    /// Delay after a change of the search attributes. After it every replica uses the change and every older request has ended:
    /// tokens are cached for 5 s, and a request takes at most 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromMinutes(1);

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Backfills the keys of existing users for a newly chosen search attribute, and deletes the keys of dropped ones. A concurrent
/// write can leave an outdated key; searches therefore check each row that they find.
/// </summary>
internal sealed class SearchAttributeBackfill(
    [FromKeyedServices(Database.Background)] NpgsqlDataSource db, IOptions<SearchAttributeOptions> options, TimeProvider clock, ILogger<SearchAttributeBackfill> log) : BackgroundService
{
    private const int BatchSize = 1_000;

    private readonly BackgroundLoop loop = new("The work on search attributes", clock, log);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(options.Value.Every, WorkAsync, stoppingToken);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        foreach (var (directoryId, attribute, dropped) in await DueAsync(cancellationToken))
        {
            if (dropped) await ClearAsync(directoryId, attribute, cancellationToken);
            else await FillAsync(directoryId, attribute, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(Guid DirectoryId, SearchAttribute Attribute, bool Dropped)>> DueAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT directory_id, slot, name, dropped_at IS NOT NULL FROM search_attributes
            WHERE (dropped_at IS NULL AND ready_at IS NULL AND chosen_at <= $1) OR dropped_at <= $1
            """);
        command.Parameters.With(Clock.Now(clock) - options.Value.SettleAfter);
        var due = new List<(Guid, SearchAttribute, bool)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) due.Add((reader.GetGuid(0), new SearchAttribute(reader.GetInt16(1), reader.GetString(2), false), reader.GetBoolean(3)));
        return due;
    }

    /// <summary>Backfills one attribute. Two replicas may do it concurrently, because inserting a key twice has no effect.</summary>
    private async Task FillAsync(Guid directoryId, SearchAttribute attribute, CancellationToken cancellationToken)
    {
        for (var last = Guid.Empty; ;)
        {
            var users = await ReadAsync(directoryId, last, cancellationToken);
            if (users.Count == 0) break;
            await AddAsync(directoryId, attribute, users, cancellationToken);
            last = users[^1].ScimId;
        }
        await using var command = db.CreateCommand("""
            UPDATE search_attributes SET ready_at = greatest($4, chosen_at) WHERE directory_id = $1 AND slot = $2 AND name = $3 AND ready_at IS NULL AND dropped_at IS NULL
            """);
        command.Parameters.With(directoryId).With(attribute.Slot).With(attribute.Name).With(Clock.Now(clock));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<UserRow>> ReadAsync(Guid directoryId, Guid last, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT {UserRow.Columns} FROM users WHERE directory_id = $1 AND NOT removed AND scim_id > $2 ORDER BY scim_id LIMIT {BatchSize}");
        command.Parameters.With(directoryId).With(last);
        var users = new List<UserRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) users.Add(UserRow.Read(reader));
        return users;
    }

    private async Task AddAsync(Guid directoryId, SearchAttribute attribute, IReadOnlyList<UserRow> users, CancellationToken cancellationToken)
    {
        var keys = users.SelectMany(user => attribute.Keys(user.Document).Select(key => (user.Id, Key: key))).ToList();
        await using var command = db.CreateCommand("""
            INSERT INTO user_lookups (directory_id, slot, key, user_id) SELECT $1, $2, key, id FROM unnest($3::uuid[], $4::text[]) k(id, key) ON CONFLICT DO NOTHING
            """);
        command.Parameters.With(directoryId).With(attribute.Slot).With(keys.Select(key => key.Id).ToArray()).With(keys.Select(key => key.Key).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ClearAsync(Guid directoryId, SearchAttribute attribute, CancellationToken cancellationToken)
    {
        await using var keys = db.CreateCommand($"""
            DELETE FROM user_lookups WHERE (directory_id, slot, key, user_id) IN (
              SELECT directory_id, slot, key, user_id FROM user_lookups WHERE directory_id = $1 AND slot = $2 LIMIT {BatchSize})
            """);
        keys.Parameters.With(directoryId).With(attribute.Slot);
        while (await keys.ExecuteNonQueryAsync(cancellationToken) > 0) { }
        await using var command = db.CreateCommand("DELETE FROM search_attributes WHERE directory_id = $1 AND slot = $2 AND dropped_at IS NOT NULL");
        command.Parameters.With(directoryId).With(attribute.Slot);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
