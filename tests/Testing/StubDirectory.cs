using System.Collections.Concurrent;
using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using ServiceDefaults.Access;

namespace Testing;

/// <summary>
/// The directory service as others meet it when they rebuild: the state feed and the backlog of each account are what a
/// test put here. The real one answers in EndToEnd.Tests.
/// </summary>
public sealed class StubDirectory : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubDirectory(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>What the feed tells, one after the other; it may wait in between, and an exception cuts it off.</summary>
    public ConcurrentDictionary<Guid, Func<IAsyncEnumerable<IFact>>> States { get; } = new();

    /// <summary>Null: the access token has expired.</summary>
    public ConcurrentDictionary<Guid, Backlog?> Backlogs { get; } = new();

    /// <summary>
    /// How users, groups and directories of an account are now (<c>POST /internal/v1/state</c>): whatever is asked for, all of it is
    /// told. Null: the directory cannot tell now. Absent: the account has nothing.
    /// </summary>
    public ConcurrentDictionary<Guid, IReadOnlyList<IFact>?> Current { get; } = new();

    public static async Task<StubDirectory> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var stub = new StubDirectory(builder.Build());
        stub.app.MapGet("/internal/v1/state", stub.WriteStateAsync);
        stub.app.MapPost("/internal/v1/state", (HttpContext http) =>
            stub.Current.GetValueOrDefault(Account(http), []) is { } facts
                ? Results.Json(FactBatch.Of([.. facts]), ContractsJsonContext.Default.FactBatch)
                : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        stub.app.MapGet("/internal/v1/backlog", (HttpContext http) =>
            stub.Backlogs.GetValueOrDefault(Account(http), new Backlog { Events = 0, Parked = 0 }) is { } backlog
                ? Results.Json(backlog, ContractsJsonContext.Default.Backlog)
                : Results.Unauthorized());
        await stub.app.StartAsync();
        return stub;
    }

    private async Task WriteStateAsync(HttpContext http)
    {
        http.Response.ContentType = "application/x-ndjson";
        var lines = 0L;
        await foreach (var fact in States[Account(http)]())
        {
            await WriteAsync(Line(fact));
            lines++;
        }
        await WriteAsync(new StateLine { End = lines });

        async Task WriteAsync(StateLine line)
        {
            await http.Response.WriteAsync(JsonSerializer.Serialize(line, ContractsJsonContext.Default.StateLine) + "\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static StateLine Line(IFact fact) => fact switch
    {
        DirectoryChanged directory => new StateLine { Directory = directory },
        UserChanged user => new StateLine { User = user },
        GroupChanged group => new StateLine { Group = group },
        MembersChanged members => new StateLine { Members = members },
        _ => throw new ArgumentException(fact.ToString()),
    };

    private static Guid Account(HttpContext http) => Guid.Parse(
        new JsonWebTokenHandler().ReadJsonWebToken(http.Request.Headers.Authorization.ToString()["Bearer ".Length..])
            .GetClaim(AccessToken.AccountClaim).Value);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
