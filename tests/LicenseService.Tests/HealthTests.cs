using System.Net.Http.Json;
using System.Text.Json;

namespace LicenseService.Tests;

public sealed class HealthTests(LicenseSystem system)
{
    [Fact]
    public async Task Health_asks_the_database_and_the_broker()
    {
        using var client = new HttpClient();
        var health = await client.GetFromJsonAsync<JsonElement>(new Uri(system.Url + "/health"));
        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        var checks = health.GetProperty("checks").EnumerateObject().Select(check => check.Name);
        Assert.Equal(["PostgreSql", "facts", "masstransit-bus", "self"], checks.Order(StringComparer.Ordinal));
    }
}
