using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;
using ServiceDefaults.Storage;

namespace DirectoryService.Users;

/// <summary>
/// Executes writes to users: schema check → lifecycle decision → row, event and outbox row in one statement. The endpoint
/// determines what the request asks for.
/// </summary>
internal sealed class UserWrites(UserTable users, UserInserts newUsers, NpgsqlDataSource db, TimeProvider clock)
{
    private const int Attempts = 10;
    private static readonly TimeSpan LookupCounts = TimeSpan.FromMinutes(10);

    /// <summary>How long a write waits for other writes of the same user, in this replica and in others.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    private readonly KeyedLock<Guid> turns = new();

    /// <summary>The state of the user that the request asks for.</summary>
    /// <param name="Document">All attributes afterwards, without <c>active</c>.</param>
    /// <param name="Active">The requested value of <c>active</c>; null when the request has none.</param>
    internal sealed record RequestedState(JsonObject Document, bool? Active, bool IsPatch, bool NamesMore);

    /// <summary>Creates a user, or restores or revives an existing one: see <see cref="UserCreateDecision"/>.</summary>
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
            catch (NpgsqlException error) when (attempt > 1 && TransientDatabaseFault.IsTransient(error))
            {
                // The previous attempt may already have purged a user of that name.
                throw ScimException.Unavailable(TransientDatabaseFault.OutcomeUnknown);
            }
            if (await users.FindByNameAsync(directory.DirectoryId, columns.UserNameKey, columns.ExternalId, cancellationToken) is not { } known) continue;
            if (await RestoreOrReviveAsync(directory, known, columns, document, active, cancellationToken) is { } arrived) return arrived;
        }
        throw ScimException.Unavailable("Other requests keep changing users of this name. Nothing was created; try again.");
    }

    /// <summary>
    /// Handles an existing user of that name. Returns null when the insert should be tried again: the name is free now, or a
    /// concurrent request changed the user.
    /// </summary>
    private async Task<UserRow?> RestoreOrReviveAsync(
        DirectoryContext directory, UserRow known, UserColumns posted, JsonObject document, bool active, CancellationToken cancellationToken)
    {
        var outcome = UserCreateDecision.Decide(new(known.State, known.Derived.ExternalId), posted.ExternalId, directory.Rule);
        return outcome switch
        {
            UserCreateDecision.Outcome.Create => null,
            UserCreateDecision.Outcome.Conflict => throw UserTable.UserNameTaken(posted.UserName),
            UserCreateDecision.Outcome.Refuse => throw await RefuseAsync(directory, known, UserCreateDecision.RefusalDetail, cancellationToken),
            UserCreateDecision.Outcome.Restore => await MoveAsync(known, UserCreateDecision.StateAfter(known.State, active), Change.Restored, document, null),
            UserCreateDecision.Outcome.Revive => await MoveAsync(known, UserCreateDecision.StateAfter(known.State, active), Change.Restored, document, Guid.NewGuid()),
            UserCreateDecision.Outcome.Replace => await PurgeAsync(),
        };

        async Task<UserRow?> PurgeAsync()
        {
            // Check the user that would be revived once the name is free first: a refused request must change nothing.
            if (await users.FindRemovedAsync(directory.DirectoryId, posted.UserNameKey, posted.ExternalId, cancellationToken) is { } earlier
                && UserCreateDecision.Decide(new(earlier.State, earlier.Derived.ExternalId), posted.ExternalId, directory.Rule) == UserCreateDecision.Outcome.Refuse)
                throw await RefuseAsync(directory, earlier, UserCreateDecision.RefusalDetail, cancellationToken);
            var removed = UserLifecycle.Decide(known.State, UserSignal.Remove, directory.Rule).Next;
            await MoveAsync(known, removed, Change.Removed, known.Document, null, "The directory made a new user of that name.");
            return null;
        }

        async Task<UserRow?> MoveAsync(UserRow before, UserState next, string change, JsonObject attributes, Guid? scimId, string? note = null)
        {
            var (after, changed) = UserTransition.To(before, next, change, attributes, directory.Actor, Clock.Now(clock), scimId, note);
            // Read before it is written: what is answered has the version that it is made with.
            after = await ManagerDisplayName.AddAsync(db, before, after, cancellationToken);
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }
    }

    /// <summary>
    /// Reads the user, computes the requested state, decides, and writes with optimistic concurrency; on a conflict it starts
    /// again. Returns the user afterwards, unchanged when the request changed nothing.
    /// </summary>
    internal Task<UserRow> ChangeAsync(
        HttpContext http, DirectoryContext directory, Guid scimId, Func<UserRow, RequestedState> ask, CancellationToken cancellationToken) =>
        WithUserLockAsync(directory, scimId, async before =>
        {
            http.CheckPreconditions(ResourceVersion.Of(before));
            var asked = ask(before);
            DocumentNormalizer.CheckRequired(ResourceSchema.User, asked.Document);
            var changesMore = !JsonNode.DeepEquals(before.Document, asked.Document);
            var now = Clock.Now(clock);
            var released = Released(before, directory, now);
            var signal = UserSignalDetector.Of(released, asked.Active, asked.IsPatch, changesMore, asked.NamesMore, directory.Rule);
            // A look-up releases the user only for an activation and is not stored. A deactivation releases it in any case and
            // is stored.
            var decision = UserLifecycle.Decide(signal == UserSignal.Activate ? released : before.State, signal, directory.Rule);
            if (decision.Refusal is { } refusal) throw await RefuseAsync(directory, before, refusal, cancellationToken);
            var next = decision.Next;
            if (next == before.State && !changesMore) return before;
            var overrode = signal == UserSignal.Activate && (before.State.ConsoleDisabled || before.State.ConsoleDeleted)
                ? "The directory overrode the console."
                : null;
            var (after, changed) = UserTransition.To(before, next, decision.Change ?? Change.Updated, asked.Document, directory.Actor, now, note: overrode);
            after = await ManagerDisplayName.AddAsync(db, before, after, cancellationToken);
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }, cancellationToken);

    internal Task RemoveAsync(HttpContext http, DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        WithUserLockAsync(directory, scimId, async before =>
        {
            http.CheckPreconditions(ResourceVersion.Of(before));
            var decision = UserLifecycle.Decide(before.State, UserSignal.Remove, directory.Rule);
            var (after, changed) = UserTransition.To(before, decision.Next, Change.Removed, before.Document, directory.Actor, Clock.Now(clock));
            return await users.UpdateAsync(before, after, changed, directory.SearchAttributes, cancellationToken) ? after : null;
        }, cancellationToken);

    /// <summary>
    /// Serializes writes of one user in this process, so that a burst of requests for one user does not conflict. Conflicts
    /// with other replicas and with admins are detected by the version, and the write is tried again.
    /// </summary>
    /// <param name="write">Tries the write; returns null on a conflict.</param>
    /// <exception cref="ScimException">503 after <see cref="LockTimeout"/>.</exception>
    private async Task<UserRow> WithUserLockAsync(DirectoryContext directory, Guid scimId, Func<UserRow, Task<UserRow?>> write, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        using var turn = await turns.EnterAsync(scimId, LockTimeout, cancellationToken);
        while (turn is not null && clock.GetElapsedTime(begun) < LockTimeout)
            if (await write(await FindAsync(directory, scimId, cancellationToken)) is { } after) return after;
        throw ScimException.Unavailable($"Other requests have been changing this user for {LockTimeout.TotalSeconds} seconds, the longest that one waits. Nothing was changed by this one; send fewer at a time, and try again.");
    }

    internal async Task<UserRow> FindAsync(DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        await users.FindAsync(directory.DirectoryId, scimId, cancellationToken) ?? throw ScimRequest.NoSuch(ResourceSchema.User, scimId);

    /// <summary>
    /// The state with Released set if the IdP looked the user up by name within the last minutes and the directory's settings
    /// treat that as the first step of an assignment (docs: idp-behaviour §3, "Released").
    /// </summary>
    private static UserState Released(UserRow user, DirectoryContext directory, DateTimeOffset now) =>
        directory.LookupReleases && user.LookedUpAt is { } lookedUp && now - lookedUp <= LookupCounts
        && (user.State.ConsoleDisabled || user.State.ConsoleDeleted)
            ? user.State with { Released = true }
            : user.State;

    /// <summary>Stores the refusal in the user's timeline and returns the error.</summary>
    private async Task<ScimException> RefuseAsync(DirectoryContext directory, UserRow user, string why, CancellationToken cancellationToken)
    {
        await EventRow.Refused(Clock.Now(clock), user.AccountId, user.DirectoryId, "user", user.Id, why, directory.Actor).AppendEntryAsync(db, cancellationToken);
        return ScimException.Mutability(why);
    }
}
