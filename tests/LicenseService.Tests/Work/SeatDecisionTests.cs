using System.Globalization;
using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Storage;
using LicenseService.Work;
using Testing;

namespace LicenseService.Tests.Work;

/// <summary>The same cases through the rules and through the database.</summary>
public sealed class SeatDecisionTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private sealed record Case(UserStatus Status, long Deactivations, bool HasEmail, GrantedSeat? Seat, bool ByRule)
    {
        internal Guid UserId { get; } = Guid.NewGuid();
    }

    private static IEnumerable<Case> Cases() =>
        from status in Enum.GetValues<UserStatus>()
        from deactivations in (long[])[2, 3]
        from email in (bool[])[true, false]
        from seat in (GrantedSeat?[])[null, new GrantedSeat(2, Manual: true), new GrantedSeat(2, Manual: false)]
        from byRule in (bool[])[true, false]
        select new Case(status, deactivations, email, seat, byRule);

    [Fact]
    public async Task What_becomes_of_a_user_is_the_same_in_the_rules_and_in_the_database()
    {
        var account = Guid.NewGuid();
        var cases = Cases().ToList();
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, cases.Count, Facts.Actor, CancellationToken.None))!.Pool.Id;
        var rule = new Rule(Guid.NewGuid(), pool, RuleKind.Group, Guid.NewGuid(), 0);
        var users = cases.ToDictionary(item => item, item => Facts.User(
            version: 1, account, item.UserId, status: item.Status, deactivations: item.Deactivations, email: item.HasEmail ? "a@example.com" : null));
        await quiet.ApplyAsync([.. users.Values]);
        await quiet.ApplyGroupsAsync(account, [(rule, cases.Where(item => item.ByRule).Select(item => users[item]))]);
        foreach (var item in cases.Where(item => item.Seat is not null))
            await quiet.ExecuteAsync(
                """
                INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, manual_at, rule_id)
                VALUES ($1, $2, 'ZTNA', $3, $4, now(), 'system', 'test', CASE WHEN $5 THEN now() END, $6)
                """, account, pool, item.UserId, item.Seat!.Deactivations, item.Seat.Manual, rule.Id);
        // The pool is full, so that whoever is put in line stays there.
        await quiet.ExecuteAsync("UPDATE pools SET seats = used WHERE pool_id = $1", pool);
        await quiet.InsertRuleAsync(account, rule);

        await using var connection = await quiet.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Eligibility.EvaluateAsync(
                transaction, EligibilitySubjects.Of(account, [.. cases.Select(item => item.UserId)], DateTimeOffset.UnixEpoch), Facts.At, CancellationToken.None);
            await transaction.CommitAsync();
        }

        var freed = (await quiet.RowsAsync(
            "SELECT user_id, reason FROM grant_history WHERE account_id = $1", row => (row.GetGuid(0), row.GetString(1)), account)).ToDictionary();
        var waiting = (await quiet.RowsAsync("SELECT user_id FROM waiting WHERE account_id = $1", row => row.GetGuid(0), account)).ToHashSet();
        Assert.Equal(cases.Select(item => Say(item, Expected(item))), cases.Select(item => Say(item, (freed.GetValueOrDefault(item.UserId), waiting.Contains(item.UserId)))));
        var refused = await quiet.RowsAsync("SELECT user_id FROM refusals WHERE account_id = $1 AND reason = 'noEmail'", row => row.GetGuid(0), account);
        Assert.Equal(
            cases.Where(item => item is { ByRule: true, HasEmail: false, Status: UserStatus.Active }).Select(item => item.UserId).Order(), refused.Order());

        static (string?, bool) Expected(Case item)
        {
            var verdict = SeatRules.Decide(new SeatCandidate(item.Status, item.Deactivations, item.HasEmail), item.Seat, item.ByRule && item.Status == UserStatus.Active);
            return (verdict.FreeReason?.Word(), verdict.ShouldWait);
        }
    }

    private static string Say(Case item, (string? Frees, bool Waits) verdict) =>
        string.Create(CultureInfo.InvariantCulture, $"{item.Status} {item.Deactivations} email {item.HasEmail} {item.Seat} rule {item.ByRule}: frees {verdict.Frees}, waits {verdict.Waits}");

    [Theory]
    [InlineData(RuleKind.AllUsers, true, true)]
    [InlineData(RuleKind.AllScimUsers, true, false)]
    [InlineData(RuleKind.AllManualUsers, false, true)]
    internal async Task A_system_group_has_the_users_that_its_name_says(RuleKind kind, bool scim, bool manual)
    {
        var account = Guid.NewGuid();
        var fromDirectory = Facts.User(version: 1, account, directory: Guid.NewGuid());
        var byHand = Facts.User(version: 1, account);
        await quiet.ApplyAsync(fromDirectory, byHand);
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, 2, Facts.Actor, CancellationToken.None))!.Pool.Id;
        Assert.IsType<RuleOutcome.Done>(await quiet.Get<RuleStore>().CreateAsync(account, pool, kind, null, null, Facts.Actor, CancellationToken.None));
        await quiet.WorkAsync();
        var rule = new Rule(Guid.NewGuid(), pool, kind, null, 0);
        foreach (var (user, given) in new[] { (fromDirectory, scim), (byHand, manual) })
        {
            Assert.Equal(given, rule.Matches(new SeatCandidate(UserStatus.Active, 0, true, user.DirectoryId is not null), new HashSet<Guid>()));
            Assert.Equal(given, await quiet.Get<GrantStore>().FindAsync(account, pool, user.UserId, CancellationToken.None) is not null);
        }
    }
}
