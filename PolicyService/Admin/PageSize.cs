using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace PolicyService.Admin;

/// <summary><c>limit</c> of a page.</summary>
internal static class PageSize
{
    /// <summary>Null: it is from 1 to <paramref name="most"/>.</summary>
    internal static ProblemHttpResult? Refusal(int size, int most) =>
        size < 1 || size > most ? AdminProblem.Invalid($"'limit' must be from 1 to {most}.", "limitOutOfRange") : null;
}
