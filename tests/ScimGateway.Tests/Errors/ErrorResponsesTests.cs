using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ScimGateway.ApiKeys;
using ScimGateway.Errors;
using ScimGateway.Tests.Stubs;

namespace ScimGateway.Tests.Errors;

public sealed class ErrorResponsesTests : IAsyncLifetime
{
    private static readonly string Users = GatewayUnderTest.ScimBase + "/Users";
    private StubService directory = null!;
    private GatewayUnderTest gateway = null!;

    public async ValueTask InitializeAsync()
    {
        directory = await StubService.StartAsync("directory");
        gateway = await GatewayUnderTest.StartAsync([directory], ["Gateway:ActivityTimeout=00:00:00.3"]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await directory.DisposeAsync();
    }

    [Theory]
    [InlineData("/scim")]
    [InlineData("/scim/v2")]
    [InlineData("/scim/v2/Users")]
    [InlineData("/scim/v2/not-a-guid/11111111-1111-1111-1111-111111111111/Users")]
    [InlineData("/scim/v1/11111111-1111-1111-1111-111111111111/11111111-1111-1111-1111-111111111111/Users")]
    public async Task A_malformed_SCIM_address_says_how_a_good_one_looks(string path)
    {
        using var response = await gateway.Client.GetAsync(path);
        Assert.Contains("/scim/v2/{account id}/{directory id}", await ErrorBody.ScimDetailAsync(response, HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Empty(directory.Requests);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("OPTIONS")]
    [InlineData("MERGE")]
    public async Task A_method_that_SCIM_does_not_know_is_405(string method)
    {
        using var response = await gateway.Client.SendAsync(new(new HttpMethod(method), Users));
        await ErrorBody.ScimDetailAsync(response, HttpStatusCode.MethodNotAllowed);
        Assert.Contains("PATCH", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Silence_is_504()
    {
        directory.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var scim = await gateway.Client.GetAsync(Users);
        await ErrorBody.ScimDetailAsync(scim, HttpStatusCode.GatewayTimeout);
        using var api = await gateway.Client.GetAsync("/api/v1/users");
        await ErrorBody.ProblemDetailAsync(api, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task A_lost_answer_is_502()
    {
        directory.Answer = context => { context.Abort(); return Task.CompletedTask; };
        using var scim = await gateway.Client.DeleteAsync(Users + "/42");
        await ErrorBody.ScimDetailAsync(scim, HttpStatusCode.BadGateway);
        using var api = await gateway.Client.DeleteAsync("/api/v1/directories/42");
        await ErrorBody.ProblemDetailAsync(api, HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_service_that_is_away_is_503()
    {
        directory.Kill();
        using var scim = await gateway.Client.DeleteAsync(Users + "/42");
        await ErrorBody.ScimDetailAsync(scim, HttpStatusCode.ServiceUnavailable);
        using var api = await gateway.Client.GetAsync("/api/v1/users");
        await ErrorBody.ProblemDetailAsync(api, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(api.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_failure_of_the_gateway_itself_is_500_and_tells_nothing_of_its_inside()
    {
        var context = new DefaultHttpContext
        {
            Request = { Path = Users, Method = "GET" },
            Response = { Body = new MemoryStream() },
            RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
        };
        var middleware = new ErrorResponses(_ => throw new InvalidOperationException("kaboom"), NullLogger<ErrorResponses>.Instance);
        await middleware.InvokeAsync(context);

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal("application/scim+json", context.Response.ContentType);
        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        Assert.Contains("\"status\":\"500\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("kaboom", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Such_a_failure_under_api_is_a_problem()
    {
        await using var failing = await GatewayUnderTest.StartAsync([directory], configure: builder => builder.Services.AddSingleton(
            new AccessTokenCache(_ => throw new InvalidOperationException("kaboom"), TimeSpan.Zero, TimeProvider.System)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users") { Headers = { Authorization = new("Bearer", "prov_1_x") } };
        using var response = await failing.Client.SendAsync(request);
        Assert.DoesNotContain("kaboom", await ErrorBody.ProblemDetailAsync(response, HttpStatusCode.InternalServerError), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task What_a_service_answers_passes_as_it_is(int status)
    {
        directory.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        };
        using var response = await gateway.Client.GetAsync(Users);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }
}
