using System.Security.Cryptography;
using DirectoryService.Storage;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Access;

/// <summary>
/// The ES256 signing keys of access tokens. All replicas share them through the database; the first start creates one. They are
/// cached for <see cref="Kept"/>, and read again when a token has an unknown key id.
/// </summary>
internal sealed class SigningKeys(NpgsqlDataSource db, TimeProvider clock) : ISigningKeySource, IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim gate = new(1);
    private IReadOnlyList<ECDsaSecurityKey> keys = [];
    private DateTimeOffset readAt = DateTimeOffset.MinValue;

    /// <summary>The key that signs new tokens: the newest one.</summary>
    internal async ValueTask<ECDsaSecurityKey> GetSigningKeyAsync(CancellationToken cancellationToken) =>
        (await ListAsync(null, cancellationToken))[0];

    public async ValueTask<IReadOnlyCollection<SecurityKey>> GetAsync(string? keyId, CancellationToken cancellationToken) =>
        await ListAsync(keyId, cancellationToken);

    /// <summary>The public halves, as a JSON Web Key Set (RFC 7517).</summary>
    internal async Task<object> GetJwksAsync(CancellationToken cancellationToken)
    {
        var all = await ListAsync(null, cancellationToken);
        return new { keys = all.Select(key => PublicHalf(key)).ToList() };
    }

    private static object PublicHalf(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = key.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
    }

    private async ValueTask<IReadOnlyList<ECDsaSecurityKey>> ListAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (IsFresh(keyId)) return keys;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (IsFresh(keyId)) return keys;
            var read = await ReadAsync(cancellationToken);
            if (read.Count == 0)
            {
                await CreateAsync(cancellationToken);
                read = await ReadAsync(cancellationToken);
            }
            (keys, readAt) = (read, clock.GetUtcNow());
            return keys;
        }
        finally
        {
            gate.Release();
        }
    }

    private bool IsFresh(string? keyId)
    {
        var age = clock.GetUtcNow() - readAt;
        return keys.Count > 0 && age < Kept && (keyId is null || age < Pause || keys.Any(key => key.KeyId == keyId));
    }

    private async Task<IReadOnlyList<ECDsaSecurityKey>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT key_id, private_key FROM signing_keys ORDER BY created_at DESC, key_id LIMIT 5");
        var read = new List<ECDsaSecurityKey>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(reader.GetFieldValue<byte[]>(1), out _);
            read.Add(new ECDsaSecurityKey(key) { KeyId = reader.GetString(0) });
        }
        return read;
    }

    /// <summary>Creates a key if there is none. Of several replicas that start at the same time, only one creates it.</summary>
    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(hashtext('signing_keys'))"));
        var insert = new NpgsqlBatchCommand(
            "INSERT INTO signing_keys (key_id, private_key, created_at) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM signing_keys)");
        insert.Parameters.With(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))).With(key.ExportPkcs8PrivateKey()).With(Clock.Now(clock));
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => gate.Dispose();
}
