using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace DirectoryService.Scim;

/// <summary>
/// The second half of every write to a user: schema check → lifecycle → row, event and outbox in one statement. The first
/// half (what the request asks for) is the endpoint's.
/// </summary>
internal sealed class UserWrites(UserTable users, NewUsers newUsers, NpgsqlDataSource db, TimeProvider clock)
{
    private const int Attempts = 10;
    private static readonly TimeSpan LookupCounts = TimeSpan.FromMinutes(10);

    /// <summary>How long a write waits for others of the same user, here and on other replicas.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly KeyedLock<Guid> turns = new();

    /// <summary>What a request asks of a user as it stands now.</summary>
    /// <param name="Document">All attributes afterwards, <c>active</c> apart.</param>
    /// <param name="Active">What it says of <c>active</c>; null: nothing.</param>
    internal sealed record Asked(JsonObject Document, bool? Active, bool IsPatch, bool NamesMore);

    /// <summary>A new user, or one that comes back: see <see cref="UserArrival"/>.</summary>
    internal async Task<UserRow> CreateAsync(DirectoryContext directory, JsonObject document, bool active, CancellationToken cancellationToken)
    {
        DocumentNormalizer.CheckRequired(ResourceSchema.User, document);
        var columns = UserColumns.Of(document);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var user = UserRow.New(directory.AccountId, directory.DirectoryId, document, active, Clock.Now(clock));
            var created = UserFacts.Of(user, Change.Created, directory.Actor, user.CreatedAt);
            try
            {
                if (await newUsers.TryInsertAsync(new(user, created, UserLookups.Of(user, directory.SearchAttributes)), cancellationToken) is { } inserted) return inserted;
            }
            catch (NpgsqlException error) when (attempt > 1 && TransientFault.Passes(error))
            {
                // The attempt before may have purged a user of that name already.
                throw ScimException.Unavailable(TransientFault.PerhapsDone);
            }
            if (await users.FindByNameAsync(directory.DirectoryId, columns.UserNameKey, columns.ExternalId, cancellationToken) is not { } known) continue;
            if (await ArriveAsync(directory, known, columns, document, active, cancellationToken) is { } arrived) return arrived;
        }
        throw ScimException.Unavailable("Other requests keep changing users of this name. Nothing was created; try again.");
    }

    /// <summary>Null: the way is free now, or somebody else was quicker; try the insert again.</summary>
    private async Task<UserRow?> ArriveAsync(
        DirectoryContext directory, UserRow known, UserColumns posted, JsonObject document, bool active, CancellationToken cancellationToken)
    {
        var outcome = UserArrival.Decide(new(known.State, known.Derived.ExternalId), posted.ExternalId, directory.Rule);
        return outcome switch
        {
            UserArrival.Outcome.Create => null,
            UserArrival.Outcome.Conflict => throw UserTable.UserNameTaken(posted.UserName),
            UserArrival.Outcome.Refuse => throw await RefuseAsync(directory, known, UserArrival.RefusalDetail, cancellationToken),
            UserArrival.Outcome.Restore => await MoveAsync(known, UserArrival.Arrived(known.State, active), Change.Restored, document, null),
            UserArrival.Outcome.Revive => await MoveAsync(known, UserArrival.Arrived(known.State, active), Change.Restored, document, Guid.NewGuid()),
            UserArrival.Outcome.Replace => await PurgeAsync(),
        };

        async Task<UserRow?> PurgeAsync()
        {
            // Whom the request would bring back once the name is free is asked first: a refused request changes nothing.
            if (await users.FindRemovedAsync(directory.DirectoryId, posted.UserNameKey, posted.ExternalId, cancellationToken) is { } earlier
                && UserArrival.Decide(new(earlier.State, earlier.Derived.ExternalId), posted.ExternalId, directory.Rule) == UserArrival.Outcome.Refuse)
                throw await RefuseAsync(directory, earlier, UserArrival.RefusalDetail, cancellationToken);
            var removed = UserLifecycle.Decide(known.State, UserSignal.Remove, directory.Rule).Next;
            await MoveAsync(known, removed, Change.Removed, known.Document, null, "The directory made a new user of that name.");
            return null;
        }

        async Task<UserRow?> MoveAsync(UserRow before, UserState next, string change, JsonObject attributes, Guid? scimId, string? note = null)
        {
            var (after, changed) = UserTransition.To(before, next, change, attributes, directory.Actor, Clock.Now(clock), scimId, note);
            // Read before it is written: what is answered has the version that it is made with.
            after = await ManagerName.AddAsync(db, before, after, cancellationToken);
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }
    }

    /// <summary>
    /// Reads, asks, decides, writes if nobody else was quicker, else again. Returns the user afterwards, unchanged when
    /// the request changed nothing.
    /// </summary>
    internal Task<UserRow> ChangeAsync(
        HttpContext http, DirectoryContext directory, Guid scimId, Func<UserRow, Asked> ask, CancellationToken cancellationToken) =>
        InTurnAsync(directory, scimId, async before =>
        {
            http.CheckPreconditions(ResourceVersion.Of(before));
            var asked = ask(before);
            DocumentNormalizer.CheckRequired(ResourceSchema.User, asked.Document);
            var changesMore = !JsonNode.DeepEquals(before.Document, asked.Document);
            var now = Clock.Now(clock);
            var released = Released(before, directory, now);
            var signal = UserSignals.Of(released, asked.Active, asked.IsPatch, changesMore, asked.NamesMore, directory.Rule);
            // A look-up counts for an activation only. It is not kept, whereas a deactivation is, looked up before or not.
            var decision = UserLifecycle.Decide(signal == UserSignal.Activate ? released : before.State, signal, directory.Rule);
            if (decision.Refusal is { } refusal) throw await RefuseAsync(directory, before, refusal, cancellationToken);
            var next = decision.Next;
            if (next == before.State && !changesMore) return before;
            var overrode = signal == UserSignal.Activate && (before.State.ConsoleDisabled || before.State.ConsoleDeleted)
                ? "The directory overrode the console."
                : null;
            var (after, changed) = UserTransition.To(before, next, decision.Change ?? Change.Updated, asked.Document, directory.Actor, now, note: overrode);
            after = await ManagerName.AddAsync(db, before, after, cancellationToken);
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }, cancellationToken);

    internal Task RemoveAsync(HttpContext http, DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        InTurnAsync(directory, scimId, async before =>
        {
            http.CheckPreconditions(ResourceVersion.Of(before));
            var decision = UserLifecycle.Decide(before.State, UserSignal.Remove, directory.Rule);
            var (after, changed) = UserTransition.To(before, decision.Next, Change.Removed, before.Document, directory.Actor, Clock.Now(clock));
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }, cancellationToken);

    /// <summary>
    /// Writers of one user take turns in this process, so that a burst of an IdP on one user is carried out one by one; against
    /// writers of other replicas, and admins, the version decides who was quicker, and the other looks again.
    /// </summary>
    /// <param name="write">Null: somebody else was quicker.</param>
    /// <exception cref="ScimException">503 after <see cref="Patience"/>.</exception>
    private async Task<UserRow> InTurnAsync(DirectoryContext directory, Guid scimId, Func<UserRow, Task<UserRow?>> write, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        using var turn = await turns.EnterAsync(scimId, Patience, cancellationToken);
        while (turn is not null && clock.GetElapsedTime(begun) < Patience)
            if (await write(await FindAsync(directory, scimId, cancellationToken)) is { } after) return after;
        throw ScimException.Unavailable($"Other requests have been changing this user for {Patience.TotalSeconds} seconds, the longest that one waits. Nothing was changed by this one; send fewer at a time, and try again.");
    }

    internal async Task<UserRow> FindAsync(DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        await users.FindAsync(directory.DirectoryId, scimId, cancellationToken) ?? throw ScimRequest.NoSuch(ResourceSchema.User, scimId);

    /// <summary>
    /// A look-up by name in the last minutes is the first step of an assignment, where the directory says so: the IdP had
    /// let go of the user (docs: idp-behaviour §3, "Released").
    /// </summary>
    private static UserState Released(UserRow user, DirectoryContext directory, DateTimeOffset now) =>
        directory.LookupReleases && user.LookedUpAt is { } lookedUp && now - lookedUp <= LookupCounts
        && (user.State.ConsoleDisabled || user.State.ConsoleDeleted)
            ? user.State with { Released = true }
            : user.State;

    /// <summary>The refusal stands in the user's timeline before it is answered.</summary>
    private async Task<ScimException> RefuseAsync(DirectoryContext directory, UserRow user, string why, CancellationToken cancellationToken)
    {
        await EventRow.Refused(Clock.Now(clock), user.AccountId, user.DirectoryId, "user", user.Id, why, directory.Actor).AppendRemarkAsync(db, cancellationToken);
        return ScimException.Mutability(why);
    }
}
