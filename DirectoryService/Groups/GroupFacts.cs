using Contracts.Events.V1;

namespace DirectoryService.Groups;

/// <summary>Creates facts about groups from rows.</summary>
internal static class GroupFacts
{
    internal static GroupChanged Of(GroupRow group, string change, Actor actor, DateTimeOffset at) => new()
    {
        EventId = Guid.NewGuid(),
        AccountId = group.AccountId,
        DirectoryId = group.DirectoryId,
        GroupId = group.Id,
        ScimId = group.ScimId,
        Version = group.Version,
        Status = group.State.Status,
        DisplayName = group.DisplayName,
        ExternalId = group.ExternalId,
        Change = change,
        Actor = actor,
        At = at,
    };
}
