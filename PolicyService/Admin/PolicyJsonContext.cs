using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyService.Admin;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyList))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(AppliedPolicyList))]
[JsonSerializable(typeof(EvaluationBody))]
[JsonSerializable(typeof(EvaluationView))]
[JsonSerializable(typeof(MembershipEventList))]
internal sealed partial class PolicyJsonContext : JsonSerializerContext;
