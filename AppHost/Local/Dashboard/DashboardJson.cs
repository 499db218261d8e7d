using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace LocalRuntime.Dashboard;

internal sealed record ResourceList(IReadOnlyList<ResourceView> Items);

internal sealed record VariableValue(string Value);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ResourceList))]
[JsonSerializable(typeof(VariableValue))]
[JsonSerializable(typeof(IReadOnlyList<ResourceView>))]
[JsonSerializable(typeof(IReadOnlyList<LogLine>))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class DashboardJson : JsonSerializerContext;
