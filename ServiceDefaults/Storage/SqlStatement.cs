using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// Creates an SQL statement with positional parameters; null becomes a database null. Pass an <see cref="NpgsqlParameter"/>
/// where the type does not follow from the value.
/// </summary>
public static class SqlStatement
{
    /// <summary>A command of a batch, which is one round trip and one transaction.</summary>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Bind(command.Parameters, values);
        return command;
    }

    public static NpgsqlCommand CreateCommand(this NpgsqlDataSource database, string sql, params ReadOnlySpan<object?> values)
    {
        var command = database.CreateCommand(sql);
        Bind(command.Parameters, values);
        return command;
    }

    private static void Bind(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        // A parameter object belongs to one command, so it is cloned to allow binding the same value to several.
        foreach (var value in values) parameters.Add((value as NpgsqlParameter)?.Clone() ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
    }
}
