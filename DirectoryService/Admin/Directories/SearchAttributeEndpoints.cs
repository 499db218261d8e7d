using System.Security.Claims;
using DirectoryService.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Directories;

/// <summary><c>/api/v1/directories/{id}/search-attributes</c>: additional attributes by which SCIM searches of users use an index (besides userName, externalId and email).</summary>
internal static class SearchAttributeEndpoints
{
    internal sealed record Shown(string Attribute, bool Ready);
    internal sealed record Choice(IReadOnlyList<string>? Attributes);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/directories/{id:guid}/search-attributes", ListAsync).WithSummary("Attributes that searches of a directory are quick by, and whether all users are filled in");
        api.MapPut("/directories/{id:guid}/search-attributes", ChooseAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Chooses them, five at most");
    }

    private static async Task<Results<Ok<Items<Shown>>, ProblemHttpResult>> ListAsync(
        Guid id, ClaimsPrincipal admin, DirectoryTable directories, SearchAttributeTable attributes, CancellationToken cancellationToken) =>
        await directories.FindAsync(admin.AccountId(), id, cancellationToken) is null ? NoSuch(id) : TypedResults.Ok(Show(await attributes.ListAsync(id, cancellationToken)));

    private static async Task<Results<Ok<Items<Shown>>, ProblemHttpResult>> ChooseAsync(
        Guid id, Choice asked, ClaimsPrincipal admin, DirectoryTable directories, SearchAttributeTable attributes, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (asked.Attributes is null) return AdminProblem.Invalid("Send \"attributes\": a list of attribute names, empty for none.");
        var names = asked.Attributes.Select(name => (Asked: name, Path: SearchAttribute.Resolve(name)?.ToString())).ToList();
        if (names.Find(name => name.Path is null) is { Asked: { } wrong })
            return AdminProblem.Invalid($"'{wrong}' cannot be searched by an index of its own: it is no text attribute of users, or is one already (userName, externalId, displayName, emails.value, id).", "notSearchable");
        var wanted = names.Select(name => name.Path!).Distinct().ToList();
        if (wanted.Count > SearchAttribute.Most) return AdminProblem.Invalid($"At most {SearchAttribute.Most} attributes can be chosen; there are {wanted.Count}.", "tooMany");

        if (await directories.FindAsync(admin.AccountId(), id, cancellationToken) is not { } directory) return NoSuch(id);
        var chosen = await attributes.ListAsync(id, cancellationToken);
        var dropped = chosen.Where(one => !wanted.Contains(one.Name)).ToList();
        var added = wanted.Except(chosen.Select(one => one.Name)).ToList();
        if (dropped.Count == 0 && added.Count == 0) return TypedResults.Ok(Show(chosen));

        var taken = await attributes.TakenAsync(id, cancellationToken);
        var free = Enumerable.Range(1, SearchAttribute.Most).Select(slot => (short)slot).Where(slot => !taken.Contains(slot)).ToList();
        if (free.Count < added.Count)
            return AdminProblem.Conflict("What was dropped is still being cleared away. Drop first, and choose the others some minutes later.", "slotsInUse");
        var outcome = await attributes.ChooseAsync(
            directory, dropped, [.. added.Zip(free, (name, slot) => new SearchAttribute(slot, name, false))], admin.TracedActor(), Clock.Now(clock), cancellationToken);
        return outcome == SearchAttributeTable.Outcome.Done
            ? TypedResults.Ok(Show(await attributes.ListAsync(id, cancellationToken)))
            : AdminProblem.Conflict("Somebody else changed this directory meanwhile. Look at it again and repeat the change.", "changedMeanwhile");
    }

    private static Items<Shown> Show(IEnumerable<SearchAttribute> attributes) => new([.. attributes.Select(one => new Shown(one.Name, one.IsReady))]);

    private static ProblemHttpResult NoSuch(Guid id) => AdminProblem.NotFound($"There is no directory {id} in this account.");
}
