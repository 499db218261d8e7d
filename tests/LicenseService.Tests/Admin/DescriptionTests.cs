using Testing;

namespace LicenseService.Tests.Admin;

public sealed class DescriptionTests(LicenseSystem system)
{
    [Fact]
    public async Task The_service_describes_every_endpoint_of_its_api() =>
        Assert.Empty(ApiDescription.Missing(await ApiDescription.ReadAsync(system.Url), system.Services));

    [Fact]
    public async Task Bodies_take_nothing_unknown_and_answers_may_grow() =>
        Assert.Empty(ApiDescription.WronglyShut(await ApiDescription.ReadAsync(system.Url)));

    [Fact]
    public async Task What_a_body_must_have_is_said_and_nothing_else() => Assert.Equal(
        ((string[])[
            "POST /api/v1/licenses/pools: product, seats",
            "POST /api/v1/licenses/pools/{pool}/preview: seats",
            "POST /api/v1/licenses/pools/{pool}/rules: kind",
            "POST /api/v1/licenses/pools/{pool}/rules/preview: kind",
            "PUT /api/v1/licenses/pools/{pool}: seats",
            "PUT /api/v1/licenses/pools/{pool}/rules/{rule}: order",
        ]).Order(StringComparer.Ordinal),
        ApiDescription.Required(await ApiDescription.ReadAsync(system.Url)).Order(StringComparer.Ordinal));
}
