using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Docs;

public sealed class DocsEndpointsTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private StubService directory = null!;
    private StubService license = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        directory = await StubService.StartAsync("directory", Describe("/api/v1/users"));
        license = await StubService.StartAsync("license", Describe("/api/v1/licenses/pools"));
        gateway = await GatewayUnderTest.StartAsync([directory],
            [$"services:license:http:0={license.Address}"],
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await directory.DisposeAsync();
        await license.DisposeAsync();
    }

    [Fact]
    public async Task One_document_holds_what_the_services_tell_and_names_who_is_away()
    {
        var document = await ReadAsync("/openapi/api.json");
        Assert.Equal(["/api/v1/licenses/pools", "/api/v1/users"], Paths(document));
        Assert.Equal("""["policy"]""", document["x-away"]!.ToJsonString());
    }

    [Fact]
    public async Task A_service_that_went_away_is_shown_as_it_last_was()
    {
        await ReadAsync("/openapi/api.json");
        license.Kill();
        clock.Advance(TimeSpan.FromSeconds(3));
        var document = await ReadAsync("/openapi/api.json");
        Assert.Equal(["/api/v1/licenses/pools", "/api/v1/users"], Paths(document));
        Assert.Equal("""["license","policy"]""", document["x-away"]!.ToJsonString());
    }

    [Fact]
    public async Task Many_readers_cost_the_services_one_question()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.GetStringAsync("/openapi/scim.json")));
        Assert.Single(directory.Requests, request => request.Target == "/internal/openapi/scim.json");
        clock.Advance(TimeSpan.FromSeconds(31));
        await gateway.Client.GetStringAsync("/openapi/scim.json");
        Assert.Equal(2, directory.Requests.Count(request => request.Target == "/internal/openapi/scim.json"));
    }

    [Fact]
    public async Task A_reader_that_has_it_already_is_told_so()
    {
        using var first = await gateway.Client.GetAsync("/openapi/scim.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/scim.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Without_the_directory_service_there_is_no_scim_document()
    {
        directory.Kill();
        using var response = await gateway.Client.GetAsync("/openapi/scim.json");
        await ErrorBody.ProblemDetailAsync(response, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Scripts_of_the_page_run_by_a_nonce_that_is_never_the_same()
    {
        var (first, second) = (await PolicyAsync(), await PolicyAsync());
        Assert.DoesNotContain("unsafe-inline", first.Split(';')[1], StringComparison.Ordinal);
        Assert.NotEqual(first, second);

        async Task<string> PolicyAsync()
        {
            using var response = await gateway.Client.GetAsync("/docs/");
            return Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        }
    }

    [Fact]
    public async Task What_a_service_tells_is_not_public_itself()
    {
        using var response = await gateway.Client.GetAsync("/internal/openapi/api.json");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(directory.Requests);
    }

    private async Task<JsonObject> ReadAsync(string path) => JsonNode.Parse(await gateway.Client.GetStringAsync(path))!.AsObject();

    private static IEnumerable<string> Paths(JsonObject document) => document["paths"]!.AsObject().Select(path => path.Key);

    private static RequestDelegate Describe(string path) => context => context.Response.WriteAsync(
        $$$"""{ "openapi": "3.1.1", "info": { "title": "x", "version": "1" }, "paths": { "{{{path}}}": { "get": { "responses": {} } } } }""",
        context.RequestAborted);
}
