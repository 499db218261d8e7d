using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DirectoryService.Admin.Access;

/// <summary>
/// A bearer secret in the form <c>{kind}_{keyid}_{secret}</c>: the key id identifies the row, and 256 random bits are the
/// secret. Only the SHA-256 of the secret is stored; random bits cannot be guessed, so neither salt nor a slow hash is needed.
/// </summary>
internal readonly record struct Secret(string KeyId, byte[] Hash)
{
    internal const string Scim = "scim";
    internal const string Api = "prov";
    private const int SecretBytes = 32;

    /// <summary>Creates a secret: the stored part, and the complete text that is shown once.</summary>
    internal static (Secret Stored, string Shown) Create(string kind)
    {
        var keyId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (new Secret(keyId, HashOf(secret)), $"{kind}_{keyId}_{secret}");
    }

    /// <summary>Parses a secret; null when the text has another form. Key ids contain no underscore; secrets may.</summary>
    internal static Secret? Parse(string kind, string text)
    {
        var parts = text.Split('_', 3);
        return parts is [var prefix, { Length: > 0 } keyId, { Length: > 0 } secret] && prefix == kind
            ? new Secret(keyId, HashOf(secret))
            : null;
    }

    internal bool Proves(byte[] storedHash) => CryptographicOperations.FixedTimeEquals(Hash, storedHash);

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
