using Testing;

namespace DirectoryService.Tests.Admin;

public sealed class DescriptionTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task The_service_describes_every_endpoint_of_its_api() =>
        Assert.Empty(ApiDescription.Missing(await ApiDescription.ReadAsync(fixture.Address.GetLeftPart(UriPartial.Authority)), fixture.Services));

    [Fact]
    public async Task Bodies_take_nothing_unknown_and_answers_may_grow() =>
        Assert.Empty(ApiDescription.WronglyShut(await ApiDescription.ReadAsync(fixture.Address.GetLeftPart(UriPartial.Authority))));

    [Fact]
    public async Task What_a_body_must_have_is_said_and_nothing_else() => Assert.Equal(
        ((string[])[
            "POST /api/v1/api-keys: name, role",
            "POST /api/v1/directories: name, provider",
            "PATCH /api/v1/directories/{id}:",
            "PUT /api/v1/directories/{id}/search-attributes: attributes",
            "POST /api/v1/groups: displayName",
            "POST /api/v1/groups/bulk: action, ids",
            "POST /api/v1/groups/{id}/members:",
            "PUT /api/v1/groups/{id}: displayName",
            "PUT /api/v1/user-authentication: directoryId, name",
            "POST /api/v1/users: userName",
            "POST /api/v1/users/bulk: action, ids",
            "PUT /api/v1/users/{id}: userName",
        ]).Order(StringComparer.Ordinal),
        ApiDescription.Required(await ApiDescription.ReadAsync(fixture.Address.GetLeftPart(UriPartial.Authority))).Order(StringComparer.Ordinal));
}
