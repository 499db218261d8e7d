using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Storage;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryService.Users;

/// <summary>A user to insert, with its fact and its look-up keys.</summary>
internal sealed record NewUser(UserRow Row, UserChanged Fact, IReadOnlyList<LookupKey> Keys);

/// <summary>
/// Inserts users, all that are created at about the same time by one statement: rows, look-ups, events and outbox. Each is
/// inserted or not by itself: null where the directory has somebody by that name whom it must be compared with first, a
/// user that SCIM shows or the console deleted, or a removed one with the same externalId.
/// </summary>
internal sealed class UserInserts
{
    private const int Most = 100;
    private const byte AllAlike = 0;

    // OFFSET 0 forces an index look-up of removed users for each new user, whatever the statistics of the table.
    private const string Insert = """
        WITH given AS (
          SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[], $6::jsonb[], $7::timestamptz[],
              $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::jsonb[], $15::jsonb[])
            AS g (id, account_id, directory_id, scim_id, idp_active, document, created_at, user_name_key, external_id, email,
              display_name, display_name_key, event_id, payload, actor)),
        changed AS (
          INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, document, created_at,
            modified_at, user_name_key, external_id, email, display_name, display_name_key)
          SELECT id, account_id, directory_id, scim_id, 1, 1, idp_active, document, created_at, created_at, user_name_key,
            external_id, email, display_name, display_name_key
          FROM given g
          WHERE NOT EXISTS (SELECT FROM users WHERE directory_id = g.directory_id AND user_name_key = g.user_name_key
            AND external_id = g.external_id AND removed OFFSET 0)
          ON CONFLICT DO NOTHING
          RETURNING id, directory_id),
        looked_up_by AS (
          INSERT INTO user_lookups (directory_id, slot, key, user_id)
          SELECT c.directory_id, k.slot, k.key, c.id FROM unnest($16::uuid[], $17::smallint[], $18::text[]) k (id, slot, key)
          JOIN changed c ON c.id = k.id WHERE c.directory_id IS NOT NULL ON CONFLICT DO NOTHING),
        logged AS (
          INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, version, type, change, payload, actor)
          SELECT g.event_id, g.created_at, g.account_id, g.directory_id, 'user', g.id, 1, 'UserChanged', 'created', g.payload, g.actor
          FROM given g JOIN changed c ON c.id = g.id
          RETURNING id, at, account_id),
        queued AS (INSERT INTO outbox (event_id, event_at, account_id) SELECT id, at, account_id FROM logged)

        """;

    private const string InsertAlone = Insert + "SELECT id FROM changed";
    private static readonly string InsertWithManagers = Insert + ManagerDisplayName.OfInserted(19);

    private readonly NpgsqlDataSource db;
    private readonly OutboxSignal outbox;
    private readonly WriteCoalescer<byte, NewUser, UserRow?> gatherer;

    public UserInserts(NpgsqlDataSource db, OutboxSignal outbox)
    {
        (this.db, this.outbox) = (db, outbox);
        gatherer = new WriteCoalescer<byte, NewUser, UserRow?>(AtOnce, Most, user => user.Row.Stored.Utf8.Length, (_, users) => InsertAsync(users));
    }

    /// <summary>Concurrent statements; more would only make the batches smaller.</summary>
    internal static int AtOnce => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The user as it is answered.</summary>
    internal Task<UserRow?> TryInsertAsync(NewUser user, CancellationToken cancellationToken) => gatherer.ExecuteAsync(AllAlike, user, cancellationToken);

    private async Task<IReadOnlyList<UserRow?>> InsertAsync(IReadOnlyList<NewUser> users)
    {
        // Sorted, so that two statements with the same names cannot deadlock.
        var ordered = users.OrderBy(user => user.Row.Derived.UserNameKey, StringComparer.Ordinal).ToList();
        var managed = ordered.FindAll(user => user.Row.Stored.ManagerId is not null);
        await using var command = db.CreateCommand(managed.Count == 0 ? InsertAlone : InsertWithManagers);
        Bind(command.Parameters, ordered);
        if (managed.Count > 0) command.Parameters.With(managed.Select(user => user.Row.Id).ToArray()).With(managed.Select(user => user.Row.Stored.ManagerId!.Value).ToArray());
        var inserted = new Dictionary<Guid, string?>();
        await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
            while (await reader.ReadAsync(CancellationToken.None)) inserted[reader.GetGuid(0)] = managed.Count == 0 || reader.IsDBNull(1) ? null : reader.GetString(1);
        if (inserted.Count > 0) outbox.SignalWritten();
        return [.. users.Select(user => inserted.TryGetValue(user.Row.Id, out var manager) ? manager is null ? user.Row : user.Row with { ManagerName = manager } : null)];
    }

    private static void Bind(NpgsqlParameterCollection parameters, List<NewUser> users)
    {
        parameters.With(Each(user => user.Row.Id)).With(Each(user => user.Row.AccountId)).With(Each(user => user.Row.DirectoryId)).With(Each(user => user.Row.ScimId))
            .With(Each(user => user.Row.State.IdpActive));
        Json(user => user.Row.Stored.Utf8);
        parameters.With(Each(user => user.Row.CreatedAt));
        Text(user => user.Row.Derived.UserNameKey);
        Text(user => user.Row.Derived.ExternalId);
        Text(user => user.Row.Derived.Email);
        Text(user => user.Row.Derived.DisplayName);
        Text(user => user.Row.Derived.DisplayNameKey);
        parameters.With(Each(user => user.Fact.EventId));
        Json(user => JsonSerializer.SerializeToUtf8Bytes(user.Fact, ContractsJsonContext.Default.UserChanged));
        Json(user => JsonSerializer.SerializeToUtf8Bytes(user.Fact.Actor, ContractsJsonContext.Default.Actor));
        var keys = users.SelectMany(user => user.Keys, (user, key) => (user.Row.Id, key.Slot, key.Key)).ToList();
        parameters.With(keys.Select(key => key.Id).ToArray()).With(keys.Select(key => key.Slot).ToArray()).With(keys.Select(key => key.Key).ToArray());

        TColumn[] Each<TColumn>(Func<NewUser, TColumn> column) => [.. users.Select(column)];

        void Json(Func<NewUser, byte[]> column) =>
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb, Value = Each(column) });

        void Text(Func<NewUser, string?> column) =>
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = Each(column) });
    }
}
