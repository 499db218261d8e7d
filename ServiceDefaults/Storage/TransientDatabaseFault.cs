using System.Net.Sockets;
using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// Classifies database errors as transient, and says what is known about a write that failed with one. Npgsql's
/// <c>IsTransient</c> does not include a server that shuts down, a standby that is not writable yet, and a password that is
/// being changed.
/// </summary>
public static class TransientDatabaseFault
{
    /// <summary>
    /// SQLSTATE classes that describe the server's condition and not the statement: connection, authorization, unknown
    /// database, transaction rollback, insufficient resources, object in use, operator intervention, system error.
    /// </summary>
    private static readonly string[] Classes = ["08", "28", "3D", "40", "53", "55", "57", "58"];

    private const string ReadOnly = PostgresErrorCodes.ReadOnlySqlTransaction;
    private const string NoAnswer = "Exception while reading from stream";
    private const string PoolExhausted = "The connection pool has been exhausted";

    /// <summary>Whether the same statement will succeed once the database is available again.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        PostgresException answer => answer.IsTransient || answer.SqlState == ReadOnly || Array.Exists(Classes, start => answer.SqlState.StartsWith(start, StringComparison.Ordinal)),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Error detail for the client of a request that failed with such an error: what happened to it and what to do.</summary>
    /// <param name="reads">The request changes nothing in any case.</param>
    public static string Detail(Exception error, bool reads) =>
        TookTooLong(error) ? $"The database took longer for this than a statement may take ({Database.RequestLimit.TotalSeconds} seconds for most), so it was stopped. "
            + (reads ? "Try again in a few seconds, or ask for less."
            : "Nothing is half done: either all of it was carried out or, more likely, nothing. Read the resource, then send the request again if needed.")
        : reads ? "The service cannot reach its database at the moment; try again in a few seconds."
        : HadNoConnection(error) ? "The service cannot reach its database at the moment. Nothing was changed; try again in a few seconds."
        : OutcomeUnknown;

    /// <summary>Error detail of a request that may have been committed partly or completely.</summary>
    public const string OutcomeUnknown =
        "The database failed while the request was carried out, so it may or may not have been done. Read the resource, then send the request again if needed.";

    /// <summary>
    /// A statement that was cancelled because its time was up: it waited for what another transaction holds, or the database is
    /// overloaded. Npgsql tells it in the same way when the server did not confirm the cancelling.
    /// </summary>
    public static bool TookTooLong(Exception error) =>
        error is NpgsqlException { InnerException: TimeoutException } timeout && timeout.Message.StartsWith(NoAnswer, StringComparison.Ordinal);

    /// <summary>
    /// Whether the error occurred before a connection existed, so that the statement did not reach the database. Returns false
    /// when that is unknown: a connection may break after the commit.
    /// </summary>
    public static bool HadNoConnection(Exception error) => error switch
    {
        // Errors while connecting: the server starts or stops, has too many connections, or does not know the user or the
        // database.
        PostgresException answer => answer.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || answer.SqlState.StartsWith("28", StringComparison.Ordinal) || answer.SqlState.StartsWith("3D", StringComparison.Ordinal),
        // Npgsql wraps a plain SocketException only while it connects; a broken connection is an IOException.
        NpgsqlException { InnerException: SocketException } => true,
        NpgsqlException { InnerException: TimeoutException } timeout => timeout.Message.StartsWith(PoolExhausted, StringComparison.Ordinal),
        _ => false,
    };
}
