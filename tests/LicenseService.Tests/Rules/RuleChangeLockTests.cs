using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;
using Testing;

namespace LicenseService.Tests.Rules;

public sealed class RuleChangeLockTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    [Fact]
    public async Task A_rule_that_is_made_while_facts_are_being_applied_waits_for_them_and_sees_what_they_brought()
    {
        var account = Guid.NewGuid();
        var (group, scim, user) = (Guid.NewGuid(), Guid.NewGuid(), Facts.User(version: 1, account));
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, 1, Facts.Actor, CancellationToken.None))!.Pool.Id;
        await quiet.ApplyAsync(user, Facts.Group(version: 1, account, group, scim));

        await using var connection = await quiet.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var facts = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, facts);
        batch.BatchCommands.Add(SqlStatement.Of($"SELECT pg_advisory_xact_lock_shared({AccountLockKeys.Facts}, hashtext($1::text))", account));
        batch.BatchCommands.Add(SqlStatement.Of(
            "INSERT INTO edges (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version) VALUES ($1, $2, $3, $4, $5, true, 2)",
            account, scim, user.ScimId, group, user.UserId));
        await batch.ExecuteNonQueryAsync();

        var made = quiet.Get<RuleStore>().CreateAsync(account, pool, RuleKind.Group, group, null, Facts.Actor, CancellationToken.None);
        await Eventually.TrueAsync("the rule to wait", async () => (await quiet.RowsAsync(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            row => row.GetBoolean(0))).Single());
        Assert.False(made.IsCompleted);
        await facts.CommitAsync();
        Assert.IsType<RuleOutcome.Done>(await made);
        await quiet.WorkAsync();
        Assert.NotNull(await quiet.Get<GrantStore>().FindAsync(account, pool, user.UserId, CancellationToken.None));
    }
}
