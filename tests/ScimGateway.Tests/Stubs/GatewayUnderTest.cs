using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ScimGateway.Tests.Stubs;

/// <summary>The real gateway on a port of its own, before stubs of the services, with short times.</summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayUnderTest(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    /// <summary>A directory's SCIM base path; the gateway looks at its form only.</summary>
    public static string ScimBase { get; } = $"/scim/v2/{Guid.NewGuid()}/{Guid.NewGuid()}";

    /// <summary>Settings are <c>key=value</c> as on a command line; addresses go under <c>services:NAME:http:N</c>.</summary>
    public static async Task<GatewayUnderTest> StartAsync(
        IEnumerable<StubService> directory, string[]? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        string[] args =
        [
            "urls=http://127.0.0.1:0", "environment=Production",
            "Gateway:HealthInterval=00:00:00.2", "Gateway:ReplicaPause=00:00:00.3",
            .. directory.Select((stub, index) => $"services:directory:http:{index}={stub.Address}"),
            .. settings ?? [],
        ];
        var app = GatewayApp.Create(args, builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new GatewayUnderTest(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
