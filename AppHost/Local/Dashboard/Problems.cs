using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LocalRuntime.Dashboard;

/// <summary>Errors as problem details; the page shows the detail as it stands.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    public static ProblemHttpResult NoResource(string name) => Of(StatusCodes.Status404NotFound, $"There is no resource {name}.");
}
