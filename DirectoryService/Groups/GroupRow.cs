using System.Text.Json.Nodes;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using DirectoryService.Users;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>A row of <c>groups</c>, without members.</summary>
internal sealed record GroupRow
{
    public required Guid Id { get; init; }
    public required Guid AccountId { get; init; }
    public required Guid? DirectoryId { get; init; }
    public required Guid ScimId { get; init; }
    public required long Version { get; init; }
    public required long ScimVersion { get; init; }
    public required GroupState State { get; init; }

    /// <summary>SCIM attributes except id, meta and members.</summary>
    public required StoredDocument Stored { get; init; }

    internal JsonObject Document => Stored.Tree;

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Number of members that were removed with their users (<see cref="DerivedVersions"/>); null when not read.</summary>
    public long? Departures { get; init; }

    /// <summary>Number of changes of display names in the directory; null when not read.</summary>
    public long? Displays { get; init; }

    internal string DisplayName => UserColumns.Text(Document["displayName"]) ?? "";
    internal string DisplayNameKey => ScimText.Canonical(DisplayName);
    internal string? ExternalId => UserColumns.Text(Document["externalId"]);

    internal const string Columns =
        "id, account_id, directory_id, scim_id, version, scim_version, console_disabled, console_deleted, removed, document, created_at, modified_at";

    /// <summary>The same with the counters that are part of the ETag.</summary>
    internal const string ShownColumns = Columns + ", " + DerivedVersions.Departures + ", " + DerivedVersions.Displays;

    internal const string Visible = "NOT removed AND NOT console_deleted";

    /// <summary>Creates the row of a new group.</summary>
    /// <param name="directoryId">Null for a user-defined group.</param>
    internal static GroupRow New(Guid accountId, Guid? directoryId, JsonObject document, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        AccountId = accountId,
        DirectoryId = directoryId,
        ScimId = Guid.NewGuid(),
        Version = 1,
        ScimVersion = 1,
        State = new GroupState(false, false, false),
        Stored = new StoredDocument(document),
        CreatedAt = now,
        ModifiedAt = now,
        Departures = 0,
    };

    internal static GroupRow Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        AccountId = reader.GetGuid(1),
        DirectoryId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
        ScimId = reader.GetGuid(3),
        Version = reader.GetInt64(4),
        ScimVersion = reader.GetInt64(5),
        State = new GroupState(reader.GetBoolean(6), reader.GetBoolean(7), reader.GetBoolean(8)),
        Stored = new StoredDocument(reader.GetFieldValue<byte[]>(9)),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(10),
        ModifiedAt = reader.GetFieldValue<DateTimeOffset>(11),
    };

    internal static GroupRow ReadShown(NpgsqlDataReader reader) => Read(reader) with { Departures = reader.GetInt64(12), Displays = reader.GetInt64(13) };
}
