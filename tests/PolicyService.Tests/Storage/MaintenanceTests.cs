using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace PolicyService.Tests.Storage;

public sealed class MaintenanceTests(PolicySystem system)
{
    [Fact]
    public async Task The_table_of_users_is_maintained_gently()
    {
        await using var connection = await system.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await TableMaintenance.ComplaintsAsync(connection, "users"));
    }
}
