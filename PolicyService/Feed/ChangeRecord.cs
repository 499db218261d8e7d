using System.Text.Json.Serialization;

namespace PolicyService.Feed;

/// <summary>A record of the feed before it has a position.</summary>
/// <param name="PolicyIds">For <see cref="ChangeReason.Members"/> the policy whose members changed; otherwise the policies whose members have to be read again.</param>
internal sealed record FeedChange(ChangeReason Reason, Guid[] PolicyIds, Guid[] Joined, Guid[] Left)
{
    /// <summary>The largest number of users in one record; more users make several records.</summary>
    internal const int MaxUsers = 1_000;

    internal static FeedChange ReRead(ChangeReason reason, params Guid[] policies) => new(reason, policies, [], []);

    /// <param name="moves">Users who joined the policy (true) or left it (false).</param>
    internal static IEnumerable<FeedChange> Members(Guid policy, IEnumerable<(Guid User, bool Joined)> moves) => moves.Chunk(MaxUsers).Select(part => new FeedChange(
        ChangeReason.Members, [policy], [.. part.Where(move => move.Joined).Select(move => move.User)], [.. part.Where(move => !move.Joined).Select(move => move.User)]));
}

/// <summary>
/// A record of the feed. Either <see cref="PolicyId"/> is there, with the users that came under it and that left it; or
/// <see cref="ReRead"/>: of these policies the members have to be read again.
/// </summary>
/// <param name="Position">From 1 on, without gaps, in the order of the changes.</param>
internal sealed record ChangeRecord(
    long Position, DateTimeOffset At, ChangeReason Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? PolicyId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? Joined,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? Left,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? ReRead)
{
    internal static ChangeRecord Of(long position, DateTimeOffset at, FeedChange change) => change.Reason == ChangeReason.Members
        ? new(position, at, change.Reason, change.PolicyIds[0], change.Joined, change.Left, null)
        : new(position, at, change.Reason, null, null, null, change.PolicyIds);
}

[JsonConverter(typeof(JsonStringEnumConverter<ChangeReason>))]
internal enum ChangeReason
{
    /// <summary>Facts about users, and about single members of groups.</summary>
    [JsonStringEnumMemberName("members")] Members,
    [JsonStringEnumMemberName("policyCreated")] PolicyCreated,
    /// <summary>Enabled, disabled, named other subjects, or changed in its name, order, kind or action.</summary>
    [JsonStringEnumMemberName("policyChanged")] PolicyChanged,
    [JsonStringEnumMemberName("policyDeleted")] PolicyDeleted,
    /// <summary>A group that the policies name has an effect again, or has none any more, or came back as another incarnation.</summary>
    [JsonStringEnumMemberName("groupChanged")] GroupChanged,
    /// <summary>What this service knows of users and groups was read anew from the directory.</summary>
    [JsonStringEnumMemberName("rebuilt")] Rebuilt,
}
