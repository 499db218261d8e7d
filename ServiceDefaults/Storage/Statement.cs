using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// One SQL statement with its positional parameters; a null is a database null. Where a value does not tell its type, an
/// <see cref="NpgsqlParameter"/> stands for it.
/// </summary>
public static class Statement
{
    /// <summary>For a batch, which is one round trip and one transaction.</summary>
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
        // A parameter belongs to one command: the same value may be bound to several.
        foreach (var value in values) parameters.Add((value as NpgsqlParameter)?.Clone() ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
    }
}
