using System.Text.Json.Serialization;

namespace ServiceDefaults.Rebuilding;

[JsonConverter(typeof(JsonStringEnumConverter<RebuildState>))]
public enum RebuildState
{
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("done")] Done,
    /// <summary>Nothing was changed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <summary>The latest rebuild of an account's projections.</summary>
/// <param name="StartedBy">Name of the admin or API key.</param>
/// <param name="Seconds">How long it took, or takes so far.</param>
/// <param name="RowsRead">Of the directory's state: users, groups, memberships, directories.</param>
/// <param name="ChecksumBefore">
/// Over what is in effect in the projections, just before they were corrected; null until then. It does not depend on
/// the order of rows or facts, and is the same in every service that is level with the directory.
/// </param>
/// <param name="ChecksumAfter">The same, after. Equal: nothing was wrong.</param>
/// <param name="Differences">What was wrong and has been corrected.</param>
/// <param name="Error">Why it failed.</param>
public sealed record Rebuild(
    RebuildState State, DateTimeOffset StartedAt, string StartedBy, DateTimeOffset? FinishedAt, double Seconds, long RowsRead,
    string? ChecksumBefore, string? ChecksumAfter, Differences? Differences, string? Error);

/// <summary>Between the projections and the directory.</summary>
public sealed record Differences(Difference Directories, Difference Users, Difference Groups, Difference Memberships)
{
    public long Total => Directories.Total + Users.Total + Groups.Total + Memberships.Total;
}

/// <param name="Missing">Not here, or not in effect here.</param>
/// <param name="Unknown">Here and in effect, and the directory knows nothing of it.</param>
/// <param name="Wrong">Here with other values, or with a version that the directory has not reached.</param>
public sealed record Difference(long Missing, long Unknown, long Wrong)
{
    internal long Total => Missing + Unknown + Wrong;
}
