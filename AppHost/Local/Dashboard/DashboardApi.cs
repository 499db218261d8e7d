using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace LocalRuntime.Dashboard;

/// <summary>What is there now, and commands. <c>{name}</c> is a display name. The live streams are in <see cref="DashboardStreams"/>.</summary>
internal static class DashboardApi
{
    public static void MapDashboardApi(this IEndpointRouteBuilder routes, ResourceBoard board)
    {
        var api = routes.MapGroup("/api/resources");
        api.MapGet("/", () => List(board));
        api.MapGet("/{name}/env/{key}", (string name, string key) => Reveal(board, name, key));
        api.MapPost("/{name}/{command}", (string name, string command, IHostApplicationLifetime lifetime) => RunAsync(board, name, command, lifetime));
    }

    private static Ok<ResourceList> List(ResourceBoard board) =>
        TypedResults.Ok(new ResourceList([.. board.Resources.Select(ResourceView.Of)]));

    private static Results<Ok<VariableValue>, ProblemHttpResult> Reveal(ResourceBoard board, string name, string key)
    {
        if (board.Find(name) is not { } resource) return Problems.NoResource(name);
        return resource.Environment.FirstOrDefault(each => each.Key == key) is { } variable
            ? TypedResults.Ok(new VariableValue(variable.Value))
            : Problems.Of(StatusCodes.Status404NotFound, $"{name} has no variable {key}.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RunAsync(ResourceBoard board, string name, string command, IHostApplicationLifetime lifetime)
    {
        if (CommandOf(command) is not { } wanted) return Problems.Of(StatusCodes.Status404NotFound, $"There is no command {command}; there are start, stop and restart.");
        if (board.Find(name) is not { } resource) return Problems.NoResource(name);
        if (!ResourceCommands.Allowed(resource.Type, resource.State).Contains(wanted) || board.OnCommand is not { } run)
            return Problems.Of(StatusCodes.Status409Conflict, $"{name} is {resource.State}: it cannot {command} now.");

        try
        {
            // Not the request's token: who closes the page half-way through a restart did not ask for half a restart.
            await run(name, wanted, lifetime.ApplicationStopping);
            return TypedResults.NoContent();
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Problems.Of(StatusCodes.Status500InternalServerError, failure.Message);
        }
    }

    private static ResourceCommand? CommandOf(string name) => name switch
    {
        "start" => ResourceCommand.Start,
        "stop" => ResourceCommand.Stop,
        "restart" => ResourceCommand.Restart,
        _ => null,
    };
}
