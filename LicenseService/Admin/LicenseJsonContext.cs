using System.Text.Json;
using System.Text.Json.Serialization;
using LicenseService.Assignments;
using LicenseService.Holds;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using LicenseService.Work;

namespace LicenseService.Admin;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(NewPool))]
[JsonSerializable(typeof(PoolSize))]
[JsonSerializable(typeof(PoolPreview))]
[JsonSerializable(typeof(PoolEventList))]
[JsonSerializable(typeof(RuleList))]
[JsonSerializable(typeof(NewRule))]
[JsonSerializable(typeof(RuleOrder))]
[JsonSerializable(typeof(RulePreview))]
[JsonSerializable(typeof(RuleEndPreview))]
[JsonSerializable(typeof(WorkList))]
[JsonSerializable(typeof(WorkStarted))]
[JsonSerializable(typeof(WaitingPage))]
[JsonSerializable(typeof(AlertList))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(UserLicenses))]
[JsonSerializable(typeof(GrantPage))]
[JsonSerializable(typeof(GrantEventList))]
internal sealed partial class LicenseJsonContext : JsonSerializerContext;
