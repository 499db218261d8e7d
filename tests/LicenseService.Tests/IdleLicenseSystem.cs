using Contracts.Events.V1;
using LicenseService.Rules;
using LicenseService.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Projections;
using Testing;

namespace LicenseService.Tests;

/// <summary>
/// The service on a database of its own, not started: no worker runs unless the test says so, which makes each step's
/// outcome the same every time.
/// </summary>
public sealed class IdleLicenseSystem : IAsyncLifetime
{
    private TestDatabase database = null!;
    private WebApplication app = null!;
    private NpgsqlDataSource admin = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync("license", typeof(LicenseApp).Assembly);
        admin = NpgsqlDataSource.Create(database.AdminConnectionString);
        app = Replica();
    }

    internal T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Another instance on the same database; not started either.</summary>
    internal WebApplication Replica() => LicenseApp.Build(
    [
        $"--ConnectionStrings:licensedb={database.ConnectionString}",
        $"--ConnectionStrings:messaging={TestServers.RabbitMq}",
        "--Logging:LogLevel:Default=Error",
    ]);

    internal Task ApplyAsync(params IFact[] facts) => Get<FactApplier>().ApplyAsync(facts, CancellationToken.None);

    internal Task WorkAsync() => Get<SeatWorker>().DrainAsync(CancellationToken.None);

    /// <summary>As the superuser.</summary>
    internal Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values) => admin.RowsAsync(sql, read, values);

    /// <summary>Past the API: no work is left by it.</summary>
    internal Task InsertRuleAsync(Guid account, Rule rule) => ExecuteAsync(
        """
        INSERT INTO rules (account_id, rule_id, pool_id, kind, group_id, position, created_at, created_by_kind, created_by_id)
        VALUES ($1, $2, $3, 'group', $4, $5, now(), 'system', 'test')
        """, account, rule.Id, rule.PoolId, rule.GroupId!.Value, rule.Order);

    /// <summary>Live groups of these members, one for each rule.</summary>
    internal async Task ApplyGroupsAsync(Guid account, IEnumerable<(Rule Rule, IEnumerable<UserChanged> Members)> groups)
    {
        foreach (var (rule, members) in groups)
        {
            var scimId = Guid.NewGuid();
            await ApplyAsync(
                Facts.Group(version: 1, account, rule.GroupId!.Value, scimId),
                Facts.Members(version: 2, account, rule.GroupId.Value, scimId, [.. members.Select(user => (user.UserId, user.ScimId, true))]));
        }
    }

    internal Task SettledAsync(Guid account) => admin.SettledAsync(account);

    internal Task ExecuteAsync(string sql, params object[] values) => RowsAsync(sql, _ => 0, values);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await admin.DisposeAsync();
        await database.DisposeAsync();
    }
}
