using System.Text.Json.Serialization;
using Contracts.Events.V1;

namespace PolicyService.Policies;

/// <summary>A group that a policy names. It has an effect while it is live.</summary>
/// <param name="DisplayName">Null together with <paramref name="Status"/>: no fact of the group is here (any more).</param>
internal sealed record NamedGroup(Guid Id, string? DisplayName, GroupStatus? Status);

/// <summary>A user that a policy names.</summary>
internal sealed record NamedUser(Guid Id, string UserName, UserStatus Status);

/// <summary>A directory that a policy names. When it is deleted its users stay as they are, and so does what it means here.</summary>
/// <param name="Name">Null together with <paramref name="Deleted"/>: no fact of the directory is here (any more).</param>
internal sealed record NamedDirectory(Guid Id, string? Name, bool? Deleted);

/// <summary>The subjects of one side of a policy: its sources, or its exclusions.</summary>
internal sealed record Subjects(IReadOnlyList<NamedUser> Users, IReadOnlyList<NamedGroup> Groups, IReadOnlyList<NamedDirectory> Directories);

internal enum Subject
{
    User,
    Group,
    Directory,
}

[JsonConverter(typeof(JsonStringEnumConverter<PolicyKind>))]
internal enum PolicyKind
{
    /// <summary>To private applications.</summary>
    [JsonStringEnumMemberName("access")] Access,
    /// <summary>To web sites.</summary>
    [JsonStringEnumMemberName("web")] Web,
    /// <summary>Network traffic.</summary>
    [JsonStringEnumMemberName("firewall")] Firewall,
}

/// <summary>What whoever enforces the policy does for its members.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PolicyAction>))]
internal enum PolicyAction
{
    [JsonStringEnumMemberName("allow")] Allow,
    [JsonStringEnumMemberName("block")] Block,
    [JsonStringEnumMemberName("monitor")] Monitor,
}
