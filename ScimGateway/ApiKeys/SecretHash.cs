using System.Security.Cryptography;
using System.Text;

namespace ScimGateway.ApiKeys;

/// <summary>Hash of a secret, used as the key of caches and limiters, so that a memory dump shows no usable key.</summary>
internal static class SecretHash
{
    public static string Of(string secret) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
