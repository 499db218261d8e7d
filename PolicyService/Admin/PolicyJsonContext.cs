using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyService.Feed;
using PolicyService.Members;
using PolicyService.Policies;

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
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(ChangeRecord))]
[JsonSerializable(typeof(FeedPosition))]
[JsonSerializable(typeof(ExpiredPosition))]
[JsonSerializable(typeof(Preview))]
internal sealed partial class PolicyJsonContext : JsonSerializerContext;
