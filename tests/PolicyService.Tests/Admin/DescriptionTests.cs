using Testing;

namespace PolicyService.Tests.Admin;

public sealed class DescriptionTests(PolicySystem system)
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
            "POST /api/v1/policies: name",
            "POST /api/v1/policies/evaluate: userId",
            "PUT /api/v1/policies/{policy}: name",
        ]).Order(StringComparer.Ordinal),
        ApiDescription.Required(await ApiDescription.ReadAsync(system.Url)).Order(StringComparer.Ordinal));
}
