using EndToEnd.Tests.Running;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>Both services of the running system, rebuilt from the real directory service.</summary>
[Collection(RunningSystem.Users)]
public sealed class RebuildTests(RunningSystem system)
{
    [Fact]
    public async Task A_rebuild_of_services_that_are_level_finds_nothing_and_the_same_checksum_in_both()
    {
        using var customer = await CustomerTenant.ArriveAsync(system);
        var employee = await customer.EquipAsync();
        await customer.Entra.UnassignAsync(customer.Team.Members.First(member => member.Active && member != employee.User), default);
        string[] services = ["licenses", "policies"];
        foreach (var service in services)
        {
            await Eventually.BecomesAsync($"{service} to be level", () => system.Admin.LagAsync(service), lag => lag.Events == 0);
            await system.Admin.StartRebuildAsync(service);
        }
        var checksums = new HashSet<string?>();
        foreach (var service in services)
        {
            var (rebuild, _) = await Eventually.BecomesAsync(
                $"the end of the rebuild of {service}", () => system.Admin.RebuildAsync(service), now => now.State != "running", TimeSpan.FromMinutes(2));
            Assert.Equal(("done", null, 0L), (rebuild.State, rebuild.Error, rebuild.Differences?.Total));
            Measurements.Print($"to rebuild {service} from {rebuild.RowsRead} rows", TimeSpan.FromSeconds(rebuild.Seconds));
            checksums.Add(rebuild.ChecksumBefore);
            checksums.Add(rebuild.ChecksumAfter);
        }
        Assert.Single(checksums);
        Assert.True(await customer.HasLicenseAsync(employee));
        Assert.True(await customer.HasPolicyAsync(employee));
    }
}
