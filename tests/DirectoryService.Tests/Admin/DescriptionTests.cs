using Testing;

namespace DirectoryService.Tests.Admin;

public sealed class DescriptionTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task The_service_describes_every_endpoint_of_its_api() =>
        Assert.Empty(ApiDescription.Missing(await ApiDescription.ReadAsync(fixture.Address.GetLeftPart(UriPartial.Authority)), fixture.Services));
}
