using System.Security.Cryptography;
using System.Text;

namespace ScimGateway.ApiKeys;

/// <summary>What stands for a secret wherever the gateway remembers one: a memory dump shows no usable key.</summary>
internal static class SecretHash
{
    public static string Of(string secret) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
