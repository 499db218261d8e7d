using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using DirectoryService.Admin.Access;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin.Directories;

/// <summary>A row of <c>directories</c>.</summary>
/// <param name="Rule">Which side wins when directory and console disagree: <c>preserve</c> (console) or <c>override</c> (directory).</param>
/// <param name="LookupReleases">Whether a look-up by name is the first step of an assignment.</param>
/// <param name="UnknownMembers">How member ids are handled that the directory never issued: <c>refuse</c> or <c>skip</c>.</param>
internal sealed record DirectoryRow(
    Guid Id, Guid AccountId, string Name, string Provider, string Rule, bool LookupReleases, string UnknownMembers, long Version, DateTimeOffset CreatedAt,
    MassDeactivation? LastAlert = null)
{
    public AlertLimits AlertLimits { get; init; } = AlertLimits.Default;
}

internal sealed class DirectoryTable(NpgsqlDataSource db, OutboxSignal outbox)
{
    private const string Columns = "id, account_id, name, provider, conflict_rule, lookup_releases, unknown_members, version, created_at, last_alert, "
        + "alert_users, alert_share, alert_at_least";

    internal async Task<IReadOnlyList<DirectoryRow>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {Columns} FROM directories WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at, id");
        command.Parameters.With(accountId);
        var directories = new List<DirectoryRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) directories.Add(Read(reader));
        return directories;
    }

    internal async Task<DirectoryRow?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {Columns} FROM directories WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL");
        command.Parameters.With(accountId).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>
    /// Creates a directory and its first token in one transaction. Returns false when the account has a directory of that name.
    /// </summary>
    internal async Task<bool> InsertAsync(DirectoryRow directory, Secret token, DateTimeOffset tokenExpiresAt, Actor actor, CancellationToken cancellationToken)
    {
        var created = Event(directory, Change.Created, false, actor, directory.CreatedAt);
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              INSERT INTO directories (id, account_id, name, name_key, provider, conflict_rule, lookup_releases, unknown_members, version, created_at,
                alert_users, alert_share, alert_at_least)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $12, 1, $8, $13, $14, $15)
              ON CONFLICT DO NOTHING RETURNING id),
            token AS (
              INSERT INTO scim_tokens (key_id, account_id, directory_id, slot, secret_hash, created_at, expires_at)
              SELECT $9, $2, id, 1, $10, $8, $11 FROM changed),
            {EventRow.InsertCte("changed", 16)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(directory.Id).With(directory.AccountId).With(directory.Name).With(ScimText.Canonical(directory.Name))
            .With(directory.Provider).With(directory.Rule).With(directory.LookupReleases).With(directory.CreatedAt)
            .With(token.KeyId).With(token.Hash).With(tokenExpiresAt).With(directory.UnknownMembers);
        Bind(command.Parameters, directory.AlertLimits);
        created.Bind(command.Parameters);
        return await ExecuteAsync(command, cancellationToken);
    }

    internal enum Outcome { Done, NoSuchDirectory, NameTaken, ChangedMeanwhile }

    /// <summary>Writes name and settings of <paramref name="after"/>, whose version is the one that was read.</summary>
    internal async Task<Outcome> UpdateAsync(DirectoryRow after, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE directories SET name = $3, name_key = $4, conflict_rule = $5, lookup_releases = $6, unknown_members = $7,
                alert_users = $8, alert_share = $9, alert_at_least = $10, version = version + 1
              WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id),
            {EventRow.InsertCte("changed", 11)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(after.Id).With(after.Version).With(after.Name).With(ScimText.Canonical(after.Name))
            .With(after.Rule).With(after.LookupReleases).With(after.UnknownMembers);
        Bind(command.Parameters, after.AlertLimits);
        Event(after with { Version = after.Version + 1 }, Change.Updated, false, actor, now).Bind(command.Parameters);
        try
        {
            return await ExecuteAsync(command, cancellationToken) ? Outcome.Done : Outcome.ChangedMeanwhile;
        }
        catch (PostgresException error) when (error.Violates("directories_name"))
        {
            return Outcome.NameTaken;
        }
    }

    /// <exception cref="PostgresException">Foreign key violation: single sign-on uses the directory.</exception>
    internal async Task<Outcome> DeleteAsync(Guid accountId, Guid id, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, id, cancellationToken) is not { } directory) return Outcome.NoSuchDirectory;
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE directories SET deleted_at = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id),
            revoked AS (UPDATE scim_tokens SET revoked_at = $3 WHERE directory_id IN (SELECT id FROM changed) AND revoked_at IS NULL),
            {EventRow.InsertCte("changed", 4)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(id).With(directory.Version).With(now);
        Event(directory with { Version = directory.Version + 1 }, Change.Deleted, true, actor, now).Bind(command.Parameters);
        return await ExecuteAsync(command, cancellationToken) ? Outcome.Done : Outcome.ChangedMeanwhile;
    }

    private static void Bind(NpgsqlParameterCollection parameters, AlertLimits limits) =>
        parameters.With(limits.Users).With(limits.Share).With(limits.AtLeast);

    private async Task<bool> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var made = (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
        if (made) outbox.SignalWritten();
        return made;
    }

    /// <summary>
    /// Stores the alert and its fact, unless the directory was changed or deleted meanwhile; then the next check finds it
    /// again.
    /// </summary>
    internal async Task<bool> RaiseAlertAsync(Guid accountId, Guid id, MassDeactivation alert, Actor watch, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, id, cancellationToken) is not { } directory) return false;
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE directories SET last_alert = $3, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id),
            {EventRow.InsertCte("changed", 4)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(id).With(directory.Version).WithJson(JsonSerializer.Serialize(alert, ContractsJsonContext.Default.MassDeactivation));
        Event(directory with { Version = directory.Version + 1, LastAlert = alert }, Change.Alerted, false, watch, alert.At).Bind(command.Parameters);
        return await ExecuteAsync(command, cancellationToken);
    }

    internal static MassDeactivation? Alert(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, ContractsJsonContext.Default.MassDeactivation);

    internal static EventRow Event(DirectoryRow directory, string change, bool deleted, Actor actor, DateTimeOffset at) => EventRow.Of(new DirectoryChanged
    {
        EventId = Guid.NewGuid(),
        AccountId = directory.AccountId,
        DirectoryId = directory.Id,
        Version = directory.Version,
        Name = directory.Name,
        Provider = directory.Provider,
        Deleted = deleted,
        LastAlert = directory.LastAlert,
        Change = change,
        Actor = actor,
        At = at,
    });

    internal static string RuleName(ConflictRule rule) => rule switch
    {
        ConflictRule.Preserve => "preserve",
        ConflictRule.Override => "override",
    };

    private static DirectoryRow Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetBoolean(5),
        reader.GetString(6), reader.GetInt64(7), reader.GetFieldValue<DateTimeOffset>(8), Alert(reader.IsDBNull(9) ? null : reader.GetString(9)))
    {
        AlertLimits = new(reader.GetFieldValue<int?>(10), reader.GetFieldValue<double?>(11), reader.GetFieldValue<int?>(12)),
    };
}
