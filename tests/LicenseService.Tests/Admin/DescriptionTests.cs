using Testing;

namespace LicenseService.Tests.Admin;

public sealed class DescriptionTests(LicenseSystem system)
{
    [Fact]
    public async Task The_service_describes_every_endpoint_of_its_api() =>
        Assert.Empty(ApiDescription.Missing(await ApiDescription.ReadAsync(system.Url), system.Services));
}
