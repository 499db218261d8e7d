using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DirectoryService.Tests;

/// <summary>
/// The license and policy services as the directory meets them: they answer what a test put here for a user, nothing for
/// others. The real ones answer in EndToEnd.Tests.
/// </summary>
public sealed class StubDownstreamServices : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubDownstreamServices(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>By path; null: the service fails.</summary>
    public ConcurrentDictionary<string, string?> Answers { get; } = new();

    public ConcurrentDictionary<string, string> TokensSeen { get; } = new();

    public static async Task<StubDownstreamServices> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var neighbours = new StubDownstreamServices(builder.Build());
        neighbours.app.Run(neighbours.AnswerAsync);
        await neighbours.app.StartAsync();
        return neighbours;
    }

    private Task AnswerAsync(HttpContext http)
    {
        TokensSeen[http.Request.Path] = http.Request.Headers.Authorization.ToString();
        var answer = Answers.GetValueOrDefault(http.Request.Path, """{"items":[]}""");
        http.Response.StatusCode = answer is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        return answer is null ? Task.CompletedTask : http.Response.WriteAsync(answer);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
