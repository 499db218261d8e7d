using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdpSimulator.Tests.Stubs;

/// <summary>
/// Just enough of SCIM for the stories, in memory, with a place to go wrong: <see cref="Tamper"/> may answer instead. What
/// SCIM really asks for is DirectoryService's business; this only shows that the simulator tells right from wrong.
/// </summary>
internal sealed class StubScim : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, JsonObject> resources = new();
    private readonly WebApplication app;

    public StubScim()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Uri BaseUrl => new(app.Urls.Single() + "/scim/v2/account/directory");

    public ConcurrentQueue<(string Method, string Target, string Body, IHeaderDictionary Headers)> Requests { get; } = new();

    /// <summary>Answers instead of the stub when it returns true.</summary>
    public Func<HttpContext, Task<bool>> Tamper { get; set; } = _ => Task.FromResult(false);

    /// <summary>Changes a resource before it is answered, to show what a service may do wrong.</summary>
    public Action<JsonObject> Distort { get; set; } = _ => { };

    public async Task<StubScim> StartAsync()
    {
        await app.StartAsync();
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue((context.Request.Method, context.Request.Path + Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""), body,
            // Kestrel uses its own again for the next request.
            new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase))));
        if (await Tamper(context)) return;
        var segments = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[4..];
        var key = string.Join('/', segments);
        switch (context.Request.Method, segments.Length)
        {
            case ("GET", 1):
                await ListAsync(context, segments[0]);
                break;
            case ("POST", 1):
                var id = Guid.NewGuid().ToString();
                var location = $"{BaseUrl}/{segments[0]}/{id}";
                context.Response.Headers.Location = location;
                await WriteAsync(context, 201, resources[$"{segments[0]}/{id}"] = Complete(Parse(body), id, location));
                break;
            case ("GET", 2) when resources.TryGetValue(key, out var found):
                await WriteAsync(context, 200, found);
                break;
            case ("PUT", 2) when resources.TryGetValue(key, out var old):
                await WriteAsync(context, 200, resources[key] = Complete(Parse(body), segments[1], old["meta"]!["location"]!.GetValue<string>()));
                break;
            case ("PATCH", 2) when resources.TryGetValue(key, out var patched):
                foreach (var operation in Parse(body)["Operations"]!.AsArray()) StubPatch.Apply(patched, operation!.AsObject());
                if (segments[0] == "Groups") context.Response.StatusCode = 204;
                else await WriteAsync(context, 200, patched);
                break;
            default:
                await WriteAsync(context, 404, new JsonObject { ["status"] = "404", ["detail"] = "Nothing here." });
                break;
        }
    }

    private Task ListAsync(HttpContext context, string type)
    {
        var filter = context.Request.Query["filter"].ToString().Split(" eq ", 2);
        var matching = resources.Where(entry => entry.Key.StartsWith(type + "/", StringComparison.Ordinal)).Select(entry => entry.Value)
            .Where(resource => filter.Length < 2 || string.Equals(resource[filter[0]]?.ToString(), JsonSerializer.Deserialize<string>(filter[1]), StringComparison.OrdinalIgnoreCase))
            .Select(resource => resource.DeepClone()).ToArray();
        return WriteAsync(context, 200, new JsonObject { ["totalResults"] = matching.Length, ["Resources"] = new JsonArray(matching) });
    }

    private static JsonObject Complete(JsonObject resource, string id, string location)
    {
        resource["id"] = id;
        resource["meta"] = new JsonObject { ["location"] = location };
        return resource;
    }

    private async Task WriteAsync(HttpContext context, int status, JsonObject resource)
    {
        var answer = (JsonObject)resource.DeepClone();
        Distort(answer);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/scim+json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static JsonObject Parse(string body) => JsonNode.Parse(body)!.AsObject();
}
