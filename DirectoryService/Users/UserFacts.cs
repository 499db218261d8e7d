using Contracts.Events.V1;

namespace DirectoryService.Users;

/// <summary>Creates facts about users from rows.</summary>
internal static class UserFacts
{
    internal static UserChanged Of(UserRow user, string change, Actor actor, DateTimeOffset at)
    {
        var columns = user.Derived;
        return new UserChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = user.AccountId,
            DirectoryId = user.DirectoryId,
            UserId = user.Id,
            ScimId = user.ScimId,
            Version = user.Version,
            Status = user.State.Status,
            Deactivations = user.Deactivations,
            UserName = columns.UserName,
            DisplayName = columns.DisplayName,
            Email = columns.Email,
            ExternalId = columns.ExternalId,
            Change = change,
            Actor = actor,
            At = at,
        };
    }
}
