using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace LicenseService.Admin;

/// <summary>How many items a list may have in one answer.</summary>
/// <param name="Refusal">Null: the size that was asked for can be.</param>
internal readonly record struct Page(int Size, ProblemHttpResult? Refusal)
{
    private const int Default = 100;
    private const int Max = 1_000;

    internal static Page Of(int? limit, int max = Max, int standard = Default) => limit is < 1 || limit > max
        ? new Page(0, AdminProblem.Invalid($"'limit' must be from 1 to {max}."))
        : new Page(limit ?? standard, null);
}
