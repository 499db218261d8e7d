using System.Security.Claims;
using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin;

/// <summary><c>/api/v1/account</c>: the account that the caller acts for.</summary>
internal static class AccountEndpoints
{
    internal sealed record Account(Guid Id, string Name);

    internal static void Map(RouteGroupBuilder api) => api.MapGet("/account", GetAsync).WithSummary("The account that the caller acts for");

    private static async Task<Account> GetAsync(ClaimsPrincipal admin, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT name FROM accounts WHERE id = $1");
        command.Parameters.With(admin.AccountId());
        return new Account(admin.AccountId(), (string)(await command.ExecuteScalarAsync(cancellationToken))!);
    }
}
