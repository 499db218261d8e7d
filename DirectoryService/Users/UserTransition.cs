using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Storage;

namespace DirectoryService.Users;

/// <summary>Computes the row after a change and its event, for SCIM writes and console actions.</summary>
internal static class UserTransition
{
    /// <param name="change">The change word of the event.</param>
    /// <param name="scimId">A new SCIM id for a new incarnation; null keeps it.</param>
    internal static (UserRow After, EventRow Changed) To(
        UserRow before, UserState next, string change, JsonObject document, Actor actor, DateTimeOffset now, Guid? scimId = null, string? note = null)
    {
        var shows = next.Active != before.State.Active || scimId is not null || !JsonNode.DeepEquals(before.Document, document);
        var after = before with
        {
            ScimId = scimId ?? before.ScimId,
            Version = before.Version + 1,
            ScimVersion = before.ScimVersion + (shows ? 1 : 0),
            CreatedAt = scimId is null ? before.CreatedAt : now,
            ModifiedAt = shows ? now : before.ModifiedAt,
            State = next,
            Deactivations = before.Deactivations + (before.State.Active && !next.Active ? 1 : 0),
            Stored = ReferenceEquals(document, before.Document) ? before.Stored : new StoredDocument(document),
            Groups = next.Removed ? [] : before.Groups,
        };
        var details = new JsonObject { ["attributes"] = ChangedAttributes.Between(before.Document, document) };
        if (note is not null) details["note"] = note;
        return (after, EventRow.Of(UserFacts.Of(after, change, actor, now), details));
    }
}
