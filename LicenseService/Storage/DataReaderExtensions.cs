using Contracts.Events.V1;
using Npgsql;

namespace LicenseService.Storage;

internal static class DataReaderExtensions
{
    internal static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static Guid? Id(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);

    internal static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    internal static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>Reads an actor from three columns: kind, id, name.</summary>
    internal static Actor Actor(this NpgsqlDataReader reader, int column) =>
        new() { Kind = reader.GetString(column), Id = reader.GetString(column + 1), Name = reader.Text(column + 2) };
}
