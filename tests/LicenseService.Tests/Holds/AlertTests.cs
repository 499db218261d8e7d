using FsCheck.Fluent;

using Testing;

namespace LicenseService.Tests.Holds;

/// <summary>Seats that were handed on before a directory's alert arrived. The worker runs when the test says so.</summary>
public sealed class AlertTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private readonly Guid alerted = Guid.NewGuid();
    private readonly Guid other = Guid.NewGuid();

    private async Task<(IdleTenant Tenant, List<Guid> Alerted, List<Guid> Other, List<Guid> Waiting)> ArriveAsync(int alertedHolders, int otherHolders, int waiting)
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, alertedHolders + otherHolders);
        return (tenant, await tenant.HireAsync(alerted, alertedHolders), await tenant.HireAsync(other, otherHolders), await tenant.HireAsync(other, waiting));
    }

    [Fact]
    public async Task What_went_to_the_line_before_the_alert_arrived_is_taken_back_and_who_had_it_waits_where_it_stood()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 3, otherHolders: 0, waiting: 4);
        await tenant.LeaveAsync(users[0], users[1]);
        Assert.Equal(line[2..], await tenant.LineAsync());

        var hold = await tenant.AlertAsync(alerted);
        Assert.Equal([users[2]], await tenant.HoldersAsync());
        Assert.Equal(users[..2].Order(), await tenant.KeptBackAsync());
        Assert.Equal(line, await tenant.LineAsync());
        Assert.Equal(["granted rule", "freed alert"], await tenant.HistoryAsync(line[0]));
        Assert.Equal([2L], await quiet.RowsAsync("SELECT taken_back FROM holds WHERE hold_id = $1", row => row.GetInt64(0), hold));

        await tenant.ReleaseAsync(hold);
        Assert.Equal(line[..2].Append(users[2]).Order(), await tenant.HoldersAsync());
        Assert.Equal(line[2..], await tenant.LineAsync());
    }

    [Fact]
    public async Task Who_comes_back_after_the_alert_has_the_seat_again_that_had_been_handed_on()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 0, waiting: 2);
        await tenant.LeaveAsync(users);
        await tenant.AlertAsync(alerted);
        await tenant.ReturnAsync(users);
        Assert.Equal(users.Order(), await tenant.HoldersAsync());
        Assert.Equal(line, await tenant.LineAsync());
    }

    [Fact]
    public async Task Who_was_back_before_the_alert_arrived_has_its_seat_again_when_it_does()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 0, waiting: 2);
        await tenant.LeaveAsync(users);
        await tenant.ReturnAsync(users[0]);
        Assert.Equal([users[0]], await tenant.LineAsync());
        await tenant.AlertAsync(alerted);
        Assert.Contains(users[0], await tenant.HoldersAsync());
        Assert.Equal([users[1]], await tenant.KeptBackAsync());
        Assert.Equal(line, await tenant.LineAsync());
    }

    [Fact]
    public async Task Seats_that_users_of_another_directory_free_go_to_the_line_before_and_after_the_alert()
    {
        var (tenant, users, others, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 2, waiting: 6);
        await tenant.LeaveAsync(users);
        await tenant.LeaveAsync(others[0]);
        await tenant.AlertAsync(alerted);
        Assert.Equal(new[] { others[1], line[0] }.Order(), await tenant.HoldersAsync());
        await tenant.LeaveAsync(others[1]);
        Assert.Equal(line[..2].Order(), await tenant.HoldersAsync());
        Assert.Equal(users.Order(), await tenant.KeptBackAsync());
    }

    [Fact]
    public async Task Nobody_gives_a_seat_back_while_enough_are_open()
    {
        var (tenant, users, others, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 3, waiting: 1);
        await tenant.LeaveAsync(users[0]);
        await tenant.LeaveAsync(others[..2]);
        await tenant.AlertAsync(alerted);
        Assert.Equal(new[] { users[1], others[2], line[0] }.Order(), await tenant.HoldersAsync());
        Assert.Equal([users[0]], await tenant.KeptBackAsync());
        Assert.Equal(1, (await tenant.SeatsAsync()).Open);
    }

    [Fact]
    public async Task What_an_admin_has_given_by_name_is_not_taken_back()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 0, waiting: 2);
        await tenant.LeaveAsync(users[0]);
        await tenant.LeaveAsync(users[1]);
        await tenant.AssignAsync(line[0]);
        await tenant.AlertAsync(alerted);
        Assert.Equal([line[0]], await tenant.HoldersAsync());
        Assert.Equal([users[0]], await tenant.KeptBackAsync());
    }

    [Fact]
    public async Task What_an_admin_has_released_is_not_taken_back_by_the_next_alert()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 0, waiting: 2);
        await tenant.LeaveAsync(users);
        await tenant.ReleaseAsync(await tenant.AlertAsync(alerted));
        Assert.Equal(line.Order(), await tenant.HoldersAsync());
        await quiet.ApplyAsync(Testing.Facts.Directory(version: 3, tenant.Account, alerted) with
        {
            LastAlert = new() { AlertId = Guid.NewGuid(), At = tenant.Now + TimeSpan.FromMinutes(50), Deactivated = 600, Users = 2_000 },
        });
        await quiet.WorkAsync();
        Assert.Equal(line.Order(), await tenant.HoldersAsync());
    }

    [Fact]
    public async Task What_was_freed_long_before_the_alert_stays_with_those_who_got_it()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 2, otherHolders: 0, waiting: 2);
        tenant.Now -= TimeSpan.FromMinutes(61);
        await tenant.LeaveAsync(users);
        await tenant.AlertAsync(alerted, tenant.Now + TimeSpan.FromMinutes(61));
        Assert.Equal(line.Order(), await tenant.HoldersAsync());
    }

    [Fact]
    public async Task One_seat_that_went_through_several_hands_is_kept_back_for_the_first_of_them()
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2);
        var (first, others) = (await tenant.HireAsync(alerted, 1), await tenant.HireAsync(other, 1));
        var (second, line) = (await tenant.HireAsync(alerted, 1), await tenant.HireAsync(other, 2));
        await tenant.LeaveAsync(first);
        await tenant.LeaveAsync(second);
        await tenant.LeaveAsync(others);
        Assert.Equal(line.Order(), await tenant.HoldersAsync());
        await tenant.AlertAsync(alerted);
        Assert.Equal(first, await tenant.KeptBackAsync());
        Assert.Equal([line[0]], await tenant.HoldersAsync());
    }

    [Fact]
    public async Task A_seat_that_its_holder_got_shortly_before_is_kept_back_as_well()
    {
        var (tenant, users, _, line) = await ArriveAsync(alertedHolders: 1, otherHolders: 0, waiting: 0);
        await quiet.ExecuteAsync("UPDATE pools SET seats = 4 WHERE pool_id = $1", tenant.Pool);
        await tenant.LeaveAsync(users);
        var hired = await tenant.HireAsync(alerted, 4);
        line.AddRange(await tenant.HireAsync(other, 4));
        await tenant.LeaveAsync(hired);
        await tenant.AlertAsync(alerted);
        // Four seats: one that went through the hands of two, and three.
        Assert.Equal([.. users.Concat(hired[1..]).Order()], await tenant.KeptBackAsync());
        Assert.Equal(line, await tenant.LineAsync());
    }

    /// <summary>Holders of two directories leave, and so do those who waited; the alert comes at any time.</summary>
    [Fact]
    public void It_makes_no_difference_when_the_alert_arrives() => Prop.ForAll(
        Arb.From(
            from seats in Gen.Choose(2, 5)
            from waiting in Gen.Choose(0, 5)
            from leaving in Gen.ListOf(Gen.Choose(0, 9), 5)
            from alertAfter in Gen.Choose(1, 5)
            select (seats, waiting, leaving: leaving.Distinct().Where(user => user < seats + waiting).ToList(), alertAfter)),
        async play =>
        {
            var early = await PlayAsync(play.seats, play.waiting, play.leaving, alertAfter: 0);
            Assert.Equal(early, await PlayAsync(play.seats, play.waiting, play.leaving, play.alertAfter));
        }).Holds(25);

    private async Task<string> PlayAsync(int seats, int waiting, List<int> leaving, int alertAfter)
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats);
        var users = new List<Guid>();
        for (var n = 0; n < seats + waiting; n++) users.AddRange(await tenant.HireAsync(n < seats && n % 2 == 0 ? alerted : other, 1));
        for (var step = 0; step < leaving.Count; step++)
        {
            if (step == alertAfter) await tenant.AlertAsync(alerted);
            await tenant.LeaveAsync(users[leaving[step]]);
        }
        if (alertAfter >= leaving.Count) await tenant.AlertAsync(alerted);
        return $"hold: {Numbers(await tenant.HoldersAsync())}; kept back for: {Numbers(await tenant.KeptBackAsync())}; line: {string.Join(' ', (await tenant.LineAsync()).Select(user => users.IndexOf(user)))}";

        string Numbers(List<Guid> ids) => string.Join(' ', ids.Select(user => users.IndexOf(user)).Order());
    }
}
