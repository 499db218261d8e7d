using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DirectoryService.Groups;
using DirectoryService.Users;

namespace DirectoryService.Scim;

/// <summary>
/// <c>meta.version</c> and the ETag of a resource (RFC 7644 §3.14), made of three parts:
/// <code>
/// W/"7"          only the resource's own row determines its representation
/// W/"7.m.d"      m: whom it is a member of, or who left it without a write to it; d: what those, and a manager, are called
/// </code>
/// A read is answered with 304 when all parts are equal, so that no visible change is hidden. A write passes If-Match when row
/// and memberships are equal; display names of others do not matter for a write.
/// </summary>
internal readonly record struct ResourceVersion(long Stored, string Memberships, string Displays)
{
    private const string Nothing = "0";

    /// <summary>Bytes of a digest; collisions of different memberships are negligibly rare.</summary>
    private const int DigestLength = 9;

    internal string ETag => this is { Memberships: Nothing, Displays: Nothing } ? $"W/\"{Row}\"" : $"W/\"{Row}.{Memberships}.{Displays}\"";

    private string Row => Stored.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version of a user, from its groups. They are few and are read together with a single user.</summary>
    internal static ResourceVersion Of(UserRow user)
    {
        var groups = user.Groups ?? [];
        string[] called = [.. groups.Select(group => group.Display), .. user.ManagerName is { } manager ? (string[])["", manager] : []];
        return new(user.ScimVersion,
            groups.Count == 0 ? Nothing : Digest(string.Join('\n', groups.Select(group => group.Id))),
            called.Length == 0 ? Nothing : Digest(string.Join('\0', called)));
    }

    /// <summary>The version of a group, from counters, because it may have a million members.</summary>
    internal static ResourceVersion Of(GroupRow group) =>
        new(group.ScimVersion, Number(group.Departures), Number(group.Displays));

    private static string Number(long? counted) => (counted ?? 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a tag matches the current representation. Weak comparison (RFC 9110 §8.8.3.2): W/ is ignored.</summary>
    internal bool MatchesRead(string tag) => tag == "*" || Opaque(tag) == Opaque(ETag);

    /// <summary>Whether a tag allows a write; display names are not compared.</summary>
    internal bool MatchesWrite(string tag)
    {
        if (tag == "*") return true;
        var parts = Opaque(tag).Split('.');
        return parts[0] == Row && (parts.Length > 1 ? parts[1] : Nothing) == Memberships;
    }

    private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..].Trim('"') : tag.Trim('"');

    private static string Digest(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Base64Url.EncodeToString(hash[..DigestLength]);
    }
}
