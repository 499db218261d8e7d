using System.Text.Json;
using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Admin.Directories;
using DirectoryService.Events;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Lists;

/// <summary>Reads and changes the search attributes of directories. Migration 0005 describes the states of a choice.</summary>
internal sealed class SearchAttributeTable(NpgsqlDataSource db, OutboxSignal outbox)
{
    /// <summary>
    /// SQL that selects the search attributes of a row <c>directories d</c> as JSON; null when there are none. Dropped ones are
    /// included as not ready until their keys are deleted, because other replicas may still search by them.
    /// </summary>
    internal const string Sql = """
        (SELECT jsonb_agg(jsonb_build_object('slot', s.slot, 'name', s.name, 'ready', s.ready_at IS NOT NULL AND s.dropped_at IS NULL) ORDER BY s.slot)
         FROM search_attributes s WHERE s.directory_id = d.id)
        """;

    internal static IReadOnlyList<SearchAttribute> Read(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column)) return [];
        using var chosen = JsonDocument.Parse(reader.GetString(column));
        return [.. chosen.RootElement.EnumerateArray().Select(one => new SearchAttribute(one.GetProperty("slot").GetInt16(), one.GetProperty("name").GetString()!, one.GetProperty("ready").GetBoolean()))];
    }

    /// <summary>The currently chosen search attributes.</summary>
    internal async Task<IReadOnlyList<SearchAttribute>> ListAsync(Guid directoryId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            "SELECT slot, name, ready_at IS NOT NULL FROM search_attributes WHERE directory_id = $1 AND dropped_at IS NULL ORDER BY slot");
        command.Parameters.With(directoryId);
        var chosen = new List<SearchAttribute>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) chosen.Add(new(reader.GetInt16(0), reader.GetString(1), reader.GetBoolean(2)));
        return chosen;
    }

    internal enum Outcome { Done, ChangedMeanwhile, SlotsInUse }

    /// <summary>Replaces the search attributes and publishes a fact of the directory, in one transaction.</summary>
    internal async Task<Outcome> ChooseAsync(
        DirectoryRow directory, IReadOnlyList<SearchAttribute> dropped, IReadOnlyList<SearchAttribute> added, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var after = directory with { Version = directory.Version + 1 };
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE directories SET version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id),
            dropped AS (UPDATE search_attributes SET dropped_at = $3 WHERE directory_id = (SELECT id FROM changed) AND slot = ANY($4) AND dropped_at IS NULL),
            chosen AS (
              INSERT INTO search_attributes (directory_id, slot, name, chosen_at)
              SELECT id, slot, name, $3 FROM changed CROSS JOIN unnest($5::smallint[], $6::text[]) k(slot, name)),
            {EventRow.InsertCte("changed", 7)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(directory.Id).With(directory.Version).With(now).With(dropped.Select(one => one.Slot).ToArray())
            .With(added.Select(one => one.Slot).ToArray()).With(added.Select(one => one.Name).ToArray());
        var details = new JsonObject
        {
            ["searchAttributesDropped"] = new JsonArray([.. dropped.Select(one => (JsonNode)one.Name)]),
            ["searchAttributesChosen"] = new JsonArray([.. added.Select(one => (JsonNode)one.Name)]),
        };
        (DirectoryTable.Event(after, Change.Updated, false, actor, now) with { Details = details }).Bind(command.Parameters);
        try
        {
            if ((long)(await command.ExecuteScalarAsync(cancellationToken))! == 0) return Outcome.ChangedMeanwhile;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Outcome.SlotsInUse;
        }
        outbox.SignalWritten();
        return Outcome.Done;
    }

    /// <summary>The used slots, including those of dropped attributes whose keys still exist.</summary>
    internal async Task<IReadOnlySet<short>> TakenAsync(Guid directoryId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT slot FROM search_attributes WHERE directory_id = $1");
        command.Parameters.With(directoryId);
        var taken = new HashSet<short>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) taken.Add(reader.GetInt16(0));
        return taken;
    }
}
