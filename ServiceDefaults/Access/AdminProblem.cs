using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ServiceDefaults.Access;

/// <summary>Problem details of <c>/api/v1</c>. The detail says what is wrong and what to do about it.</summary>
public static class AdminProblem
{
    public static ProblemHttpResult Invalid(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    /// <param name="detail">For people.</param>
    /// <param name="reason">One word for programs, as the member <c>reason</c>.</param>
    public static ProblemHttpResult Conflict(string detail, string reason) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?> { ["reason"] = reason });
}
