using System.Net;
using EndToEnd.Tests.Running;
using Microsoft.OpenApi;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>The documents that the gateway shows, held against what it leads to.</summary>
[Collection(RunningSystem.Users)]
public sealed class ApiReferenceTests(RunningSystem system)
{
    [Fact]
    public async Task Every_address_of_the_api_document_leads_to_a_service_that_knows_it()
    {
        using var client = new HttpClient { BaseAddress = system.Endpoints.Gateway };
        var document = ApiDescription.Parse(await client.GetStringAsync("/openapi/api.json", TestContext.Current.CancellationToken));
        Assert.DoesNotContain("x-away", document.Extensions?.Keys ?? []);
        Assert.Contains(document.Paths.Keys, path => path.StartsWith("/api/v1/licenses", StringComparison.Ordinal));
        Assert.Contains(document.Paths.Keys, path => path.StartsWith("/api/v1/policies", StringComparison.Ordinal));

        foreach (var (path, item) in document.Paths)
        {
            foreach (var (method, operation) in item.Operations!)
            {
                // Without a key: 401 comes from whoever has the endpoint, 404 would be nobody.
                using var request = new HttpRequestMessage(method, Filled(path, operation));
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {(int)response.StatusCode}.");
            }
        }
    }

    [Fact]
    public async Task The_scim_document_is_there()
    {
        using var client = new HttpClient { BaseAddress = system.Endpoints.Gateway };
        Assert.Contains("/Users/{id}", ApiDescription.Parse(await client.GetStringAsync("/openapi/scim.json", TestContext.Current.CancellationToken)).Paths.Keys);
    }

    private static string Filled(string path, OpenApiOperation operation) => (operation.Parameters ?? [])
        .Where(parameter => parameter.In == ParameterLocation.Path)
        .Aggregate(path, (filled, parameter) => filled.Replace(
            $"{{{parameter.Name}}}", parameter.Schema?.Type == JsonSchemaType.Integer ? "1" : Guid.Empty.ToString(), StringComparison.Ordinal));
}
