using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Storage;
using LicenseService.Work;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace LicenseService.Tests.Work;

public sealed class SeatRulesTests(LicenseSystem system)
{
    public static TheoryData<UserStatus, long, bool> Holders()
    {
        var data = new TheoryData<UserStatus, long, bool>();
        foreach (var status in Enum.GetValues<UserStatus>())
            foreach (var deactivations in (long[])[2, 3])
                foreach (var email in (bool[])[true, false])
                    data.Add(status, deactivations, email);
        return data;
    }

    /// <summary>A seat given at count 2, then the case; the rule and its SQL must say the same.</summary>
    [Theory]
    [MemberData(nameof(Holders))]
    public async Task What_frees_a_seat_is_the_same_in_the_rule_and_in_the_database(UserStatus status, long deactivations, bool hasEmail)
    {
        var expected = SeatRules.FindFreeReason(new SeatCandidate(status, deactivations, hasEmail), deactivationsAtGrant: 2);

        var given = Facts.User(version: 1, deactivations: 2);
        using var client = system.Client(given.AccountId);
        var pool = await client.PoolAsync(seats: 1);
        await system.ApplyAsync(given);
        await client.PostAsync($"pools/{pool}/assignments/{given.UserId}");
        await system.ApplyAsync(given with { Version = 2, Status = status, Deactivations = deactivations, Email = hasEmail ? given.Email : null });
        var freed = await system.RowsAsync(
            "SELECT reason FROM grant_history WHERE account_id = $1 AND kind = 'freed'", row => row.GetString(0), given.AccountId);

        Assert.Equal(expected is null ? [] : [expected.Value.Word()], freed);
        Assert.Equal(expected is null ? 1 : 0, await client.UsedAsync(pool));
    }

    [Theory]
    [InlineData(UserStatus.Active, true, 1, null)]
    [InlineData(UserStatus.Active, true, 2, Refusal.PoolFull)]
    [InlineData(UserStatus.Active, true, 3, Refusal.PoolFull)]
    [InlineData(UserStatus.Active, false, 0, Refusal.NoEmail)]
    [InlineData(UserStatus.Disabled, true, 0, Refusal.NotActive)]
    [InlineData(UserStatus.Removed, false, 2, Refusal.NotActive)]
    internal void A_seat_is_given_to_an_active_user_with_an_email_address_while_one_is_free(
        UserStatus status, bool hasEmail, int used, Refusal? expected) =>
        Assert.Equal(expected, SeatRules.FindRefusal(new SeatCandidate(status, 0, hasEmail), new Pool(Guid.Empty, Products.Ztna, Seats: 2, used)));

    [Fact]
    public void A_user_who_is_not_known_gets_no_seat() =>
        Assert.Equal(Refusal.UnknownUser, SeatRules.FindRefusal(null, new Pool(Guid.Empty, Products.Ztna, Seats: 2, Used: 0)));
}
