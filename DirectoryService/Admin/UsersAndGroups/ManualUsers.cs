using System.Text.Json.Nodes;
using Contracts.Events.V1;
using DirectoryService.Protocol;
using DirectoryService.Users;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary>Creates and edits manual users: users created by an admin. No SCIM directory sees, links or adopts them.</summary>
internal sealed class ManualUsers(UserTable users, UserInserts newUsers, TimeProvider clock)
{
    private const int Attempts = 10;

    internal sealed record Asked(string? UserName, string? DisplayName = null, string? Email = null);

    /// <summary>Converts the request to a SCIM document, so that manual and SCIM users have the same kind of row.</summary>
    /// <exception cref="ScimException">invalidValue, with what to do.</exception>
    internal static JsonObject Document(Asked asked)
    {
        if (string.IsNullOrWhiteSpace(asked.UserName)) throw ScimException.InvalidValue("\"userName\" is required.");
        var document = new JsonObject { ["userName"] = Checked("userName", asked.UserName.Trim()) };
        if (!string.IsNullOrWhiteSpace(asked.DisplayName)) document["displayName"] = Checked("displayName", asked.DisplayName.Trim());
        if (!string.IsNullOrWhiteSpace(asked.Email))
        {
            if (!asked.Email.Contains('@', StringComparison.Ordinal)) throw ScimException.InvalidValue($"'{asked.Email}' is no email address.");
            document["emails"] = new JsonArray(new JsonObject { ["value"] = Checked("email", asked.Email.Trim()), ["type"] = "work", ["primary"] = true });
        }
        return document;
    }

    /// <summary>Returns the new internal id, or null when the account has a manual user of that name.</summary>
    internal async Task<Guid?> CreateAsync(Guid accountId, JsonObject document, Actor admin, CancellationToken cancellationToken)
    {
        var now = Clock.Now(clock);
        var user = UserRow.New(accountId, null, document, active: true, now);
        return await newUsers.TryInsertAsync(new(user, UserFacts.Of(user, Change.Created, admin, now), []), cancellationToken) is not null ? user.Id : null;
    }

    internal enum EditOutcome { Done, NoSuchUser, NotManual, Removed }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal async Task<EditOutcome> EditAsync(Guid accountId, Guid id, JsonObject document, Actor admin, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await users.FindByIdAsync(accountId, id, cancellationToken) is not { } before) return EditOutcome.NoSuchUser;
            if (before.DirectoryId is not null) return EditOutcome.NotManual;
            if (before.State.Removed) return EditOutcome.Removed;
            if (JsonNode.DeepEquals(before.Document, document)) return EditOutcome.Done;
            var (after, changed) = UserTransition.To(before, before.State, Change.Updated, document, admin, Clock.Now(clock));
            if (await users.UpdateAsync(before, after, changed, [], cancellationToken)) return EditOutcome.Done;
        }
        throw ScimException.Unavailable("Other requests keep changing this user. Nothing was changed; try again.");
    }

    private static string Checked(string name, string value)
    {
        if (AdminNameRules.FindError(name, value, most: 500) is { } fault) throw ScimException.InvalidValue(fault);
        ScimText.CheckLength(name, value); // the same limit as for SCIM names
        return value;
    }
}
