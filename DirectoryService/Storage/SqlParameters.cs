using Npgsql;
using NpgsqlTypes;

namespace DirectoryService.Storage;

/// <summary>Adds typed positional parameters ($1, $2, …) in order.</summary>
internal static class SqlParameters
{
    internal static NpgsqlParameterCollection With<T>(this NpgsqlParameterCollection parameters, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return parameters;
    }

    internal static NpgsqlParameterCollection WithText(this NpgsqlParameterCollection parameters, string? value)
    {
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value });
        return parameters;
    }

    internal static NpgsqlParameterCollection WithUuid(this NpgsqlParameterCollection parameters, Guid? value)
    {
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value });
        return parameters;
    }

    internal static NpgsqlParameterCollection WithJson(this NpgsqlParameterCollection parameters, string? json)
    {
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = (object?)json ?? DBNull.Value });
        return parameters;
    }

    internal static NpgsqlParameterCollection WithJson(this NpgsqlParameterCollection parameters, byte[] utf8)
    {
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = utf8 });
        return parameters;
    }

    internal static bool Violates(this PostgresException error, string constraint) =>
        error.SqlState == PostgresErrorCodes.UniqueViolation && error.ConstraintName == constraint;
}
