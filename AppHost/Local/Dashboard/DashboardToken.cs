using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LocalRuntime.Dashboard;

/// <summary>
/// The secret that opens the dashboard. The cookie carries something made from it, not the token: browsers send cookies of
/// localhost to every port there, and what a service could log must not work as an API token.
/// </summary>
internal sealed class DashboardToken(string token)
{
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>Stays the same while the token does, so that a restart of the AppHost signs nobody out.</summary>
    public string CookieValue { get; } =
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "dashboard cookie"u8));

    /// <summary>192 random bits in 32 characters that need no escaping in a URL.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    public bool IsToken(string? presented) => Same(_token, presented);

    public bool IsCookie(string? presented) => Same(Encoding.UTF8.GetBytes(CookieValue), presented);

    private static bool Same(byte[] expected, string? presented) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(presented));
}
