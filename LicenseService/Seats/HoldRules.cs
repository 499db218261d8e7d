using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>
/// When seats that a directory's users lost are kept back from others (idp-behaviour.md §5).
/// <code>
///        alert.At − 1 h          alert.At          alert.At + 1 h                    alert.At + 24 h
///   ─────────┼───────────────────────┼───────────────────┼───── … ────────────────────────┼────────►
///            └ deactivations in here keep their seat back ┘                                │ or an admin:
///                                                              the next in line gets it ◄──┘ released
/// </code>
/// A directory that goes on letting go of users raises its next alert an hour after the last.
/// </summary>
internal static class HoldRules
{
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);
    internal static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    internal static DateTimeOffset Expires(MassDeactivation alert) => alert.At + Lasts;

    /// <summary>The directory tells of an alert that it had not told of before, and that still matters.</summary>
    internal static bool Begins(MassDeactivation? before, MassDeactivation? after, DateTimeOffset now) =>
        after is not null && after.AlertId != before?.AlertId && now < Expires(after);

    /// <summary>Whether a seat is kept back that its holder lost by a fact of this time.</summary>
    internal static bool KeepsBack(DateTimeOffset alertAt, DateTimeOffset factAt) =>
        factAt >= alertAt - Around && factAt < alertAt + Around;
}
