using Microsoft.AspNetCore.Http.HttpResults;

namespace ServiceDefaults.Access;

/// <summary>The validated <c>limit</c> of a list, the same in every service.</summary>
/// <param name="Refusal">The error response; null when the requested size is valid.</param>
public readonly record struct PageLimit(int Size, ProblemHttpResult? Refusal)
{
    public static PageLimit Of(int? limit, int most, int standard) => limit is < 1 || limit > most
        ? new PageLimit(0, AdminProblem.Invalid($"'limit' must be from 1 to {most}.", "limitOutOfRange"))
        : new PageLimit(limit ?? standard, null);
}
