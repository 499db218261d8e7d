using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceDefaults.Lag;
using ServiceDefaults.Rebuilding;

namespace ServiceDefaults.Projections;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Rebuild))]
[JsonSerializable(typeof(LagView))]
internal sealed partial class ProjectionJsonContext : JsonSerializerContext;
