using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;

namespace PolicyService.Admin;

/// <summary>
/// Refuses a policy that names what the account does not have: a mistyped id would silently give access to nobody, or exclude
/// nobody. What was made a moment ago is waited for.
/// </summary>
internal static class MissingSubjects
{
    private const int NamedInErrors = 10;

    internal static async Task<ProblemHttpResult?> AmongAsync(
        Guid account, PolicyDraft draft, PolicyStore policies, FactArrivals arrivals, CancellationToken cancellationToken)
    {
        foreach (var named in draft.Lists.Where(list => list.Ids is { Count: > 0 }).GroupBy(list => list.Subject))
        {
            Guid[] ids = [.. named.SelectMany(list => list.Ids!).Distinct()];
            var unknown = await arrivals.AwaitAsync(
                ids, cancellation => policies.UnknownAsync(account, named.Key, ids, cancellation), unknown => unknown is [], cancellationToken);
            if (unknown is not []) return Refusal(named.Key, unknown);
        }
        return null;
    }

    private static ProblemHttpResult Refusal(Subject subject, IReadOnlyList<Guid> unknown)
    {
        var ids = string.Join(", ", unknown.Take(NamedInErrors)) + (unknown.Count > NamedInErrors ? $" and {unknown.Count - NamedInErrors} more" : "");
        return subject switch
        {
            Subject.User => AdminProblem.Invalid(
                $"This account has no user {ids}, or its directory has removed it. Take ids (not SCIM ids) from GET /api/v1/users.", "noSuchUser"),
            Subject.Group => AdminProblem.Invalid($"This account has no group {ids}. Take ids (not SCIM ids) from GET /api/v1/groups.", "noSuchGroup"),
            Subject.Directory => AdminProblem.Invalid($"This account has no directory {ids}. Take ids from GET /api/v1/directories.", "noSuchDirectory"),
        };
    }
}
