using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>
/// The second half of every write to a user: schema check → lifecycle → row, event and outbox in one statement. The first
/// half (what the request asks for) is the endpoint's.
/// </summary>
internal sealed class UserWrites(UserTable users, NpgsqlDataSource db, TimeProvider clock)
{
    private const int Attempts = 10;

    /// <summary>What a request asks of a user as it stands now.</summary>
    /// <param name="Document">All attributes afterwards, <c>active</c> apart.</param>
    /// <param name="Active">What it says of <c>active</c>; null: nothing.</param>
    internal sealed record Asked(JsonObject Document, bool? Active, bool IsPatch, bool NamesMore);

    internal async Task<UserRow> CreateAsync(DirectoryContext directory, JsonObject document, bool active, CancellationToken cancellationToken)
    {
        DocumentNormalizer.CheckRequired(ResourceSchema.User, document);
        var now = Clock.Now(clock);
        var user = new UserRow
        {
            Id = Guid.NewGuid(),
            AccountId = directory.AccountId,
            DirectoryId = directory.DirectoryId,
            ScimId = Guid.NewGuid(),
            Version = 1,
            ScimVersion = 1,
            State = new UserState(active, false, false, false, false),
            Deactivations = 0,
            Document = document,
            CreatedAt = now,
            ModifiedAt = now,
        };
        await users.InsertAsync(user, EventRow.Of(UserFacts.Of(user, Change.Created, directory.Actor, now)), cancellationToken);
        return user;
    }

    /// <summary>
    /// Reads, asks, decides, writes if nobody else was quicker, else again. Returns the user afterwards, unchanged when
    /// the request changed nothing.
    /// </summary>
    internal async Task<UserRow> ChangeAsync(
        HttpContext http, DirectoryContext directory, Guid scimId, Func<UserRow, Asked> ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var before = await FindAsync(directory, scimId, cancellationToken);
            http.CheckIfMatch(before.ScimVersion);
            var asked = ask(before);
            DocumentNormalizer.CheckRequired(ResourceSchema.User, asked.Document);
            var changesMore = !JsonNode.DeepEquals(before.Document, asked.Document);
            var signal = UserSignals.Of(before.State, asked.Active, asked.IsPatch, changesMore, asked.NamesMore, directory.Rule);
            var decision = UserLifecycle.Decide(before.State, signal, directory.Rule);
            if (decision.Refusal is { } refusal) throw await RefuseAsync(directory, before, refusal, cancellationToken);
            if (decision.Next == before.State && !changesMore) return before;
            var (after, changed) = Next(directory, before, decision, asked.Document);
            if (await users.UpdateAsync(before, after, changed, cancellationToken)) return after;
        }
        throw ScimException.Unavailable("Other requests keep changing this user. Nothing was changed by this one; try again.");
    }

    internal async Task RemoveAsync(HttpContext http, DirectoryContext directory, Guid scimId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var before = await FindAsync(directory, scimId, cancellationToken);
            http.CheckIfMatch(before.ScimVersion);
            var decision = UserLifecycle.Decide(before.State, UserSignal.Remove, directory.Rule);
            var (after, changed) = Next(directory, before, decision, before.Document);
            if (await users.UpdateAsync(before, after, changed, cancellationToken)) return;
        }
        throw ScimException.Unavailable("Other requests keep changing this user. It was not deleted; try again.");
    }

    internal async Task<UserRow> FindAsync(DirectoryContext directory, Guid scimId, CancellationToken cancellationToken) =>
        await users.FindAsync(directory.DirectoryId, scimId, cancellationToken) ?? throw ScimRequest.NoSuch(ResourceSchema.User, scimId);

    private (UserRow After, EventRow Changed) Next(DirectoryContext directory, UserRow before, UserLifecycle.Decision decision, JsonObject document)
    {
        var now = Clock.Now(clock);
        var shows = decision.Next.Active != before.State.Active || !JsonNode.DeepEquals(before.Document, document);
        var after = before with
        {
            Version = before.Version + 1,
            ScimVersion = before.ScimVersion + (shows ? 1 : 0),
            ModifiedAt = shows ? now : before.ModifiedAt,
            State = decision.Next,
            Deactivations = before.Deactivations + (before.State.Active && !decision.Next.Active ? 1 : 0),
            Document = document,
        };
        var details = new JsonObject { ["attributes"] = ChangedAttributes.Between(before.Document, document) };
        return (after, EventRow.Of(UserFacts.Of(after, decision.Change ?? Change.Updated, directory.Actor, now), details));
    }

    /// <summary>The refusal stands in the user's timeline before it is answered.</summary>
    private async Task<ScimException> RefuseAsync(DirectoryContext directory, UserRow user, string why, CancellationToken cancellationToken)
    {
        await EventRow.Refused(Clock.Now(clock), user.AccountId, user.DirectoryId, "user", user.Id, why, directory.Actor).AppendAsync(db, cancellationToken);
        return ScimException.Mutability(why);
    }
}
