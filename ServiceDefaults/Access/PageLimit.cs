using Microsoft.AspNetCore.Http.HttpResults;

namespace ServiceDefaults.Access;

/// <summary>How many items a list may have in one answer: <c>limit</c>, the same in every service.</summary>
/// <param name="Refusal">Null: the size that was asked for can be.</param>
public readonly record struct PageLimit(int Size, ProblemHttpResult? Refusal)
{
    public static PageLimit Of(int? limit, int most, int standard) => limit is < 1 || limit > most
        ? new PageLimit(0, AdminProblem.Invalid($"'limit' must be from 1 to {most}.", "limitOutOfRange"))
        : new PageLimit(limit ?? standard, null);
}
