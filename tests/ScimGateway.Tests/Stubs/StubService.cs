using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Testing;

namespace ScimGateway.Tests.Stubs;

/// <summary>One replica of a service behind the gateway: healthy, answering as told, remembering what it was asked.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication app;
    private FaultyTcpProxy front = null!;

    private StubService(string name, RequestDelegate? answer)
    {
        Name = name;
        Answer = answer ?? (context => context.Response.WriteAsync(Name));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        });
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public string Name { get; }

    /// <summary>What answers, apart from health.</summary>
    public RequestDelegate Answer { get; set; }

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public string Address => $"http://127.0.0.1:{front.Port}";

    public static async Task<StubService> StartAsync(string name, RequestDelegate? answer = null)
    {
        var stub = new StubService(name, answer);
        await stub.app.StartAsync();
        stub.front = new FaultyTcpProxy(new Uri(stub.app.Urls.Single()).Port);
        stub.front.Listen();
        return stub;
    }

    /// <summary>As SIGKILL would: refused from now on, open connections reset.</summary>
    public void Kill() => front.Sever();

    /// <summary>As a process that exits: refused from now on, open connections closed in order.</summary>
    public void Exit() => front.Exit();

    public void Revive() => front.Listen();

    private Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/health") return Task.CompletedTask;
        Requests.Enqueue(new(
            context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        return Answer(context);
    }

    public async ValueTask DisposeAsync()
    {
        front.Dispose();
        await app.DisposeAsync();
    }
}

internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
