using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Admin.Access;

public sealed class ApiKeyTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task An_auditors_key_reads_writes_nothing_and_is_dead_once_revoked()
    {
        using var owner = await fixture.AdminAsync();
        var made = (await (await owner.PostAsJsonAsync("/api/v1/api-keys", new { name = "Reports", role = "auditor" })).Content.ReadFromJsonAsync<JsonObject>())!;
        using var auditor = await fixture.AdminAsync(made["apiKey"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/api/v1/directories")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsJsonAsync("/api/v1/directories", new { name = "x", provider = "Okta" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync("/api/v1/api-keys")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/v1/api-keys/{made["keyId"]}")).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/access-tokens");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", made["apiKey"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_key_is_listed_without_its_secret_and_cannot_revoke_itself()
    {
        using var owner = await fixture.AdminAsync();
        var listed = (await owner.GetStringAsync("/api/v1/api-keys"))!;
        Assert.Contains("\"keyId\":\"tests\"", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789-", listed, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.DeleteAsync("/api/v1/api-keys/tests")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.DeleteAsync("/api/v1/api-keys/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsJsonAsync("/api/v1/api-keys", new { name = "x", role = "root" })).StatusCode);
    }
}
