using System.Text.Json.Serialization;

namespace Contracts.Events.V1;

/// <summary>What the console shows of a user. Only <see cref="Active"/> may hold a license or be in a policy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UserStatus>))]
public enum UserStatus
{
    [JsonStringEnumMemberName("active")] Active,
    /// <summary>Disabled by the directory: unassigned, suspended, out of scope.</summary>
    [JsonStringEnumMemberName("unassigned")] Unassigned,
    /// <summary>Disabled in the console, or by both.</summary>
    [JsonStringEnumMemberName("disabled")] Disabled,
    /// <summary>Deleted in the console; SCIM still shows it, inactive.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted,
    /// <summary>Removed by the directory (or purged): gone for SCIM; its group memberships have ended.</summary>
    [JsonStringEnumMemberName("removed")] Removed,
}
