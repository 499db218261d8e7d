using System.Text.Json;
using System.Text.Json.Serialization;

namespace LicenseService.Admin;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(NewPool))]
[JsonSerializable(typeof(PoolSize))]
[JsonSerializable(typeof(GrantPage))]
[JsonSerializable(typeof(GrantEventList))]
internal sealed partial class LicenseJsonContext : JsonSerializerContext;
