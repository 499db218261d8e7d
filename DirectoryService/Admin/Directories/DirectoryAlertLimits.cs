using DirectoryService.Events;

namespace DirectoryService.Admin.Directories;

/// <summary>The limits of the mass deactivation alert in a body of <c>/api/v1/directories</c>.</summary>
internal sealed class DirectoryAlertLimits
{
    private readonly HashSet<string> named = [];

    /// <summary>More users than this within an hour are an alert; null: the default.</summary>
    public int? Users { get; init => field = Named(nameof(Users), value); }

    /// <summary>More than this share of the directory's users within an hour (0 to 1) is an alert; null: the default.</summary>
    public double? Share { get; init => field = Named(nameof(Share), value); }

    /// <summary>Fewer users than this are never an alert; null: the default.</summary>
    public int? AtLeast { get; init => field = Named(nameof(AtLeast), value); }

    private T Named<T>(string member, T value)
    {
        named.Add(member);
        return value;
    }

    /// <summary>Members that the body does not name stay as they were; null is a name's default (JSON merge, RFC 7396).</summary>
    internal AlertLimits Over(AlertLimits before) => new(
        named.Contains(nameof(Users)) ? Users : before.Users,
        named.Contains(nameof(Share)) ? Share : before.Share,
        named.Contains(nameof(AtLeast)) ? AtLeast : before.AtLeast);

    internal string? Fault() =>
        Users is < 1 ? "\"alertLimits.users\" must be a whole number from 1 on, or null for the default."
        : Share is { } share && !(share is >= 0 and <= 1) ? "\"alertLimits.share\" must be a share from 0 to 1, such as 0.2 for a fifth of the users, or null for the default."
        : AtLeast is < 1 ? "\"alertLimits.atLeast\" must be a whole number from 1 on, or null for the default."
        : null;

    /// <summary>What a directory has, and what holds where it has null.</summary>
    internal sealed record Shown(int? Users, double? Share, int? AtLeast, Defaults Defaults)
    {
        internal static Shown Of(AlertLimits limits, MassDeactivationOptions defaults) =>
            new(limits.Users, limits.Share, limits.AtLeast, new(defaults.Users, defaults.Share, defaults.AtLeast));
    }

    /// <summary>The limits of directories that have none of their own.</summary>
    internal sealed record Defaults(int Users, double Share, int AtLeast);
}
