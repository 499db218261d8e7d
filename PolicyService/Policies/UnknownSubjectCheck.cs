using Contracts.State.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace PolicyService.Policies;

/// <summary>
/// Refuses a policy that names a user, group or directory that the account does not have: a mistyped id would silently give
/// access to nobody, or exclude nobody. It asks the directory about unknown ids first (read-your-writes).
/// </summary>
internal static class UnknownSubjectCheck
{
    private const int NamedInErrors = 10;

    internal static async Task<ProblemHttpResult?> FindRefusalAsync(
        HttpContext http, Guid account, PolicyDraft draft, PolicyStore policies, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        foreach (var named in draft.Lists.Where(list => list.Ids is { Count: > 0 }).GroupBy(list => list.Subject))
        {
            Guid[] ids = [.. named.SelectMany(list => list.Ids!).Distinct()];
            var unknown = await policies.ListUnknownIdsAsync(account, named.Key, ids, cancellationToken);
            if (unknown is []) continue;
            // Each list has at most MaxIds ids, but a kind of subject has two lists (sources and exclusions).
            foreach (var some in unknown.Chunk(StateQuery.MaxIds))
            {
                var (missing, final) = await catchUp.DecideAsync(
                    http, Query(named.Key, some), (_, cancellation) => policies.ListUnknownIdsAsync(account, named.Key, some, cancellation), left => left is [],
                    cancellationToken);
                if (missing is not []) return ProvisionalRefusal.UnlessFinal(final, http, Refusal(named.Key, missing));
            }
        }
        return null;
    }

    private static StateQuery Query(Subject subject, IReadOnlyList<Guid> ids) => subject switch
    {
        Subject.User => new StateQuery { Users = ids },
        Subject.Group => new StateQuery { Groups = ids },
        Subject.Directory => new StateQuery { Directories = ids },
    };

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
