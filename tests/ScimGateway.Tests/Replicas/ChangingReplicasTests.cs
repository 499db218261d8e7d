using Microsoft.Extensions.Configuration;
using ScimGateway.Tests.Stubs;
using Testing;

namespace ScimGateway.Tests.Replicas;

public sealed class ChangingReplicasTests
{
    [Fact]
    public async Task Replicas_that_service_discovery_learns_of_get_work_and_those_it_forgets_get_none()
    {
        await using var one = await StubService.StartAsync("one");
        await using var two = await StubService.StartAsync("two");
        var discovered = new ReloadableProxyConfig();
        discovered.Set(new() { ["services:directory:http:0"] = one.Address });
        await using var gateway = await GatewayUnderTest.StartAsync([], configure: builder =>
            ((IConfigurationBuilder)builder.Configuration).Add(discovered));
        var users = GatewayUnderTest.ScimBase + "/Users";
        Assert.Equal("one", await gateway.Client.GetStringAsync(users));

        discovered.Set(new() { ["services:directory:http:0"] = one.Address, ["services:directory:http:1"] = two.Address });
        await Eventually.BecomesAsync("an answer of the new replica", () => gateway.Client.GetStringAsync(users), name => name == "two");

        discovered.Set(new() { ["services:directory:http:0"] = two.Address });
        await Eventually.TrueAsync("answers of the new replica only", async () =>
        {
            for (var i = 0; i < 20; i++)
                if (await gateway.Client.GetStringAsync(users) != "two") return false;
            return true;
        });
    }

    private sealed class ReloadableProxyConfig : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Set(Dictionary<string, string?> values)
        {
            Data = new Dictionary<string, string?>(values, StringComparer.OrdinalIgnoreCase);
            OnReload();
        }
    }
}
