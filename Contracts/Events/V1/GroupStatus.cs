using System.Text.Json.Serialization;

namespace Contracts.Events.V1;

/// <summary>What the console shows of a group. Only <see cref="Live"/> has an effect in policies and license rules.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupStatus>))]
public enum GroupStatus
{
    [JsonStringEnumMemberName("live")] Live,
    /// <summary>Disabled in the console; the directory still syncs it.</summary>
    [JsonStringEnumMemberName("disabled")] Disabled,
    /// <summary>Deleted in the console.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted,
    /// <summary>Removed by the directory.</summary>
    [JsonStringEnumMemberName("removed")] Removed,
}
