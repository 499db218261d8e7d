using System.Net.Sockets;
using Npgsql;

namespace ServiceDefaults.Storage;

/// <summary>
/// Which faults of the database pass by themselves, and what is known of a write that met one. Npgsql's own
/// <c>IsTransient</c> leaves out a server that shuts down, a standby that is not writable yet and a password that is being changed.
/// </summary>
public static class TransientFault
{
    /// <summary>
    /// Classes of SQLSTATE that tell of the server's condition, not of the statement: connection, authorization, unknown
    /// database, rolled back for others' sake, resources, object in use, operator's intervention, system error.
    /// </summary>
    private static readonly string[] Classes = ["08", "28", "3D", "40", "53", "55", "57", "58"];

    private const string ReadOnly = PostgresErrorCodes.ReadOnlySqlTransaction;
    private const string NoAnswer = "Exception while reading from stream";
    private const string PoolExhausted = "The connection pool has been exhausted";

    /// <summary>The same will succeed once the database is well again.</summary>
    public static bool Passes(Exception error) => error switch
    {
        PostgresException answer => answer.IsTransient || answer.SqlState == ReadOnly || Array.Exists(Classes, start => answer.SqlState.StartsWith(start, StringComparison.Ordinal)),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>For whoever sent a request that met such a fault: what became of it, and what to do.</summary>
    /// <param name="reads">The request changes nothing in any case.</param>
    public static string Detail(Exception error, bool reads) =>
        TookTooLong(error) ? $"The database took longer for this than a statement may take ({Database.RequestLimit.TotalSeconds} seconds for most), so it was stopped. "
            + (reads ? "Try again in a few seconds, or ask for less."
            : "Nothing is half done: it was carried out as a whole or, as a rule, not at all. Read the resource, then send the request again if needed.")
        : reads ? "The service cannot reach its database at the moment; try again in a few seconds."
        : HadNoConnection(error) ? "The service cannot reach its database at the moment. Nothing was changed; try again in a few seconds."
        : PerhapsDone;

    /// <summary>What a request is told of which a part, or all, may have been committed.</summary>
    public const string PerhapsDone =
        "The database failed while the request was carried out, so it may or may not have been done. Read the resource, then send the request again if needed.";

    /// <summary>
    /// A statement that was cancelled because its time was up: it waited for what another transaction holds, or the database is
    /// overloaded. Npgsql tells it in the same way when the server did not confirm the cancelling.
    /// </summary>
    public static bool TookTooLong(Exception error) =>
        error is NpgsqlException { InnerException: TimeoutException } timeout && timeout.Message.StartsWith(NoAnswer, StringComparison.Ordinal);

    /// <summary>
    /// It failed before there was a connection, so nothing of this statement reached the database. False also when that is
    /// not known: a connection that broke may have broken after the commit.
    /// </summary>
    public static bool HadNoConnection(Exception error) => error switch
    {
        // Told while connecting: the server starts or stops, has too many connections, does not know the user or the database.
        PostgresException answer => answer.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || answer.SqlState.StartsWith("28", StringComparison.Ordinal) || answer.SqlState.StartsWith("3D", StringComparison.Ordinal),
        // Npgsql hands on a SocketException as it is only while it connects; a connection that breaks is an IOException.
        NpgsqlException { InnerException: SocketException } => true,
        NpgsqlException { InnerException: TimeoutException } timeout => timeout.Message.StartsWith(PoolExhausted, StringComparison.Ordinal),
        _ => false,
    };
}
