using System.Text.Json.Nodes;
using DirectoryService.Lifecycle;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>A row of <c>users</c>.</summary>
internal sealed record UserRow
{
    public required Guid Id { get; init; }
    public required Guid AccountId { get; init; }
    public required Guid? DirectoryId { get; init; }
    public required Guid ScimId { get; init; }
    public required long Version { get; init; }
    public required long ScimVersion { get; init; }
    public required UserState State { get; init; }
    public required long Deactivations { get; init; }

    /// <summary>SCIM attributes except id, meta, active and groups.</summary>
    public required StoredDocument Stored { get; init; }

    internal JsonObject Document => Stored.Tree;

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When the IdP last looked the user up since the last write, while a console flag is set.</summary>
    public DateTimeOffset? LookedUpAt { get; init; }

    /// <summary>The groups of the user; null when not read.</summary>
    public IReadOnlyList<GroupOfUser>? Groups { get; init; }

    /// <summary>What the user's manager is called, as SCIM shows it; null: none of the directory's users, or not read.</summary>
    public string? ManagerName { get; init; }

    internal const string Columns =
        "id, account_id, directory_id, scim_id, version, scim_version, idp_active, console_disabled, console_deleted, "
        + "released, removed, deactivations, document, created_at, modified_at, looked_up_at";

    /// <summary>The same with the user's groups.</summary>
    internal const string ShownColumns = Columns + ", " + GroupOfUser.Sql + ", " + DirectoryService.Users.ManagerDisplayName.Sql;

    internal static UserRow Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        AccountId = reader.GetGuid(1),
        DirectoryId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
        ScimId = reader.GetGuid(3),
        Version = reader.GetInt64(4),
        ScimVersion = reader.GetInt64(5),
        State = new UserState(reader.GetBoolean(6), reader.GetBoolean(7), reader.GetBoolean(8), reader.GetBoolean(9), reader.GetBoolean(10)),
        Deactivations = reader.GetInt64(11),
        Stored = new StoredDocument(reader.GetFieldValue<byte[]>(12)),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(13),
        ModifiedAt = reader.GetFieldValue<DateTimeOffset>(14),
        LookedUpAt = reader.IsDBNull(15) ? null : reader.GetFieldValue<DateTimeOffset>(15),
    };

    internal static UserRow ReadShown(NpgsqlDataReader reader) => Read(reader) with
    {
        Groups = GroupOfUser.Read(reader, 16),
        ManagerName = reader.IsDBNull(17) ? null : reader.GetString(17),
    };

    /// <summary>Creates the row of a new user.</summary>
    /// <param name="directoryId">Null for a manual user.</param>
    internal static UserRow New(Guid accountId, Guid? directoryId, JsonObject document, bool active, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        AccountId = accountId,
        DirectoryId = directoryId,
        ScimId = Guid.NewGuid(),
        Version = 1,
        ScimVersion = 1,
        State = new UserState(active, false, false, false, false),
        Deactivations = 0,
        Stored = new StoredDocument(document),
        Groups = [],
        CreatedAt = now,
        ModifiedAt = now,
    };

    /// <summary>The typed columns derived from the document.</summary>
    internal UserColumns Derived => Stored.UserColumns;
}
