namespace LicenseService.Tests.FactReactions;

/// <summary>What a fact does to seats in its own transaction. No worker runs, so that nothing is put right afterwards.</summary>
public sealed class SeatRevocationTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private readonly Guid directory = Guid.NewGuid();

    [Fact]
    public async Task The_seat_of_who_leaves_while_a_hold_is_open_is_kept_back()
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2);
        var users = await tenant.HireAsync(directory, 2);
        await tenant.AlertAsync(directory);
        await tenant.TellAsync(tenant.Leaves(users[0]));
        Assert.Equal([users[0]], await tenant.KeptBackAsync());
    }

    [Fact]
    public async Task The_seat_of_who_leaves_after_the_release_is_not_kept_back()
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2);
        var users = await tenant.HireAsync(directory, 2);
        await tenant.ReleaseAsync(await tenant.AlertAsync(directory));
        await tenant.TellAsync(tenant.Leaves(users[0]));
        Assert.Empty(await tenant.KeptBackAsync());
        Assert.Equal([users[1]], await tenant.HoldersAsync());
    }

    [Fact]
    public async Task The_seat_of_who_leaves_after_the_hold_has_expired_is_not_kept_back()
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2);
        var users = await tenant.HireAsync(directory, 2);
        var hold = await tenant.AlertAsync(directory);
        await quiet.ExecuteAsync("UPDATE holds SET expires_at = now() WHERE hold_id = $1", hold);
        await tenant.TellAsync(tenant.Leaves(users[0]));
        Assert.Empty(await tenant.KeptBackAsync());
    }

    [Fact]
    public async Task The_seat_of_who_leaves_another_directory_is_not_kept_back()
    {
        var tenant = await IdleTenant.ArriveAsync(quiet, seats: 2);
        var users = await tenant.HireAsync(Guid.NewGuid(), 2);
        await tenant.AlertAsync(directory);
        await tenant.TellAsync(tenant.Leaves(users[0]));
        Assert.Empty(await tenant.KeptBackAsync());
    }
}
