using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ServiceDefaults.Access;

/// <summary>Creates problem details of <c>/api/v1</c>. The detail says what is wrong and what to do.</summary>
public static class AdminProblem
{
    public static ProblemHttpResult Invalid(string detail, string reason = "invalid") => Of(StatusCodes.Status400BadRequest, detail, reason);

    public static ProblemHttpResult NotFound(string detail, string reason = "notFound") => Of(StatusCodes.Status404NotFound, detail, reason);

    public static ProblemHttpResult Conflict(string detail, string reason) => Of(StatusCodes.Status409Conflict, detail, reason);

    /// <param name="status">HTTP status.</param>
    /// <param name="detail">Text for people.</param>
    /// <param name="reason">Value of the member <c>reason</c>: one camelCase word for programs.</param>
    public static ProblemHttpResult Of(int status, string detail, string reason) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["reason"] = reason });
}
