using Npgsql;

namespace ServiceDefaults.Migrations;

/// <summary>The two roles of a service's database: an owner that cannot log in, and the application role.</summary>
internal static class DatabaseRoles
{
    private const int Attempts = 8;

    /// <summary>
    /// Idempotent. Roles are server-wide and named after the service. The password is set each time, so that a rotated
    /// one takes effect at the next start.
    /// </summary>
    internal static async Task EnsureAsync(NpgsqlConnection admin, string service, string appPassword, CancellationToken cancellationToken)
    {
        if (service.Length == 0 || !service.All(char.IsAsciiLetterLower))
            throw new ArgumentException($"'{service}' is no service name: lower-case letters only.", nameof(service));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ApplyAsync(admin, service + "_owner", service + "_app", appPassword, cancellationToken);
                return;
            }
            catch (PostgresException error) when (IsCollision(error) && attempt < Attempts)
            {
                // Another service creates the same roles concurrently on this server; the result is the same.
            }
        }
    }

    /// <summary>
    /// Whether the error is a collision of two sessions that create or alter the same role: unique violation, duplicate object,
    /// or "tuple concurrently updated".
    /// </summary>
    private static bool IsCollision(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.InternalError;

    private static async Task ApplyAsync(NpgsqlConnection admin, string owner, string app, string appPassword, CancellationToken cancellationToken)
    {
        await ExecuteAsync(admin, $"""
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') THEN CREATE ROLE {owner} NOLOGIN; END IF;
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') THEN CREATE ROLE {app} LOGIN; END IF;
              -- The administrator of a managed server is not a superuser and must be a member of the owner role to act as it.
              IF NOT pg_has_role('{owner}', 'MEMBER') THEN GRANT {owner} TO CURRENT_USER; END IF;
              EXECUTE format('ALTER DATABASE %I OWNER TO {owner}', current_database());
              EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
              EXECUTE format('GRANT CONNECT ON DATABASE %I TO {app}', current_database());
              REVOKE ALL ON SCHEMA public FROM PUBLIC;
              GRANT USAGE ON SCHEMA public TO {app};
            END $$
            """, cancellationToken);
        // ALTER ROLE takes no parameters; format(%L) quotes.
        await using var quote = new NpgsqlCommand($"SELECT format('ALTER ROLE {app} PASSWORD %L', $1)", admin)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = appPassword } },
        };
        await ExecuteAsync(admin, (string)(await quote.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
