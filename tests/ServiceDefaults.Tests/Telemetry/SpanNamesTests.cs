
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Tests.Telemetry;

public sealed class SpanNamesTests
{
    private const string Tenant = "/scim/v2/6f8b8c1e-0000-0000-0000-000000000001/6f8b8c1e-0000-0000-0000-000000000002";

    [Theory]
    [InlineData("/scim/v2/{account:guid}/{directory:guid}/{**resource}", Tenant + "/Users/ada", "PATCH /Users/{id}")]
    [InlineData("/scim/v2/{account:guid}/{directory:guid}/Groups/{id?}", Tenant + "/Groups", "PATCH /Groups")]
    [InlineData("/scim/v2/{account}/{directory}/Users/{id}", Tenant + "/Users/x", "PATCH /Users/{id}")]
    [InlineData("/scim/v2/{account:guid}/{directory:guid}/{**resource}", Tenant + "/Users/.search", "PATCH /Users/.search")]
    [InlineData("/scim/v2/{account:guid}/{directory:guid}/{**resource}", Tenant + "/ServiceProviderConfig", "PATCH /ServiceProviderConfig")]
    [InlineData("/api/v1/{**resource}", "/api/v1/users/6f8b8c1e-0000-0000-0000-000000000003/policies", "PATCH /api/v1/users/{id}/policies")]
    [InlineData("/api/v1/licenses/pools/{id:guid}/assignments/{userId:guid}", "", "PATCH /api/v1/licenses/pools/{id}/assignments/{id}")]
    [InlineData(null, "/somebody@example.com", "PATCH /{id}")]
    public void A_span_is_named_by_what_happened_and_by_nobody(string? route, string path, string name) =>
        Assert.Equal(name, SpanNames.Of("PATCH", route, path));
}
