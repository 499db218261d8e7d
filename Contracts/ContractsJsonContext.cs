using System.Text.Json;
using System.Text.Json.Serialization;
using Contracts.Events.V1;
using Contracts.State.V1;

namespace Contracts;

/// <summary>Source-generated JSON of the facts: camelCase, absent instead of null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FactBatch))]
[JsonSerializable(typeof(UserChanged))]
[JsonSerializable(typeof(GroupChanged))]
[JsonSerializable(typeof(MembersChanged))]
[JsonSerializable(typeof(DirectoryChanged))]
[JsonSerializable(typeof(MassDeactivation))]
[JsonSerializable(typeof(StateLine))]
[JsonSerializable(typeof(Backlog))]
[JsonSerializable(typeof(StateQuery))]
public sealed partial class ContractsJsonContext : JsonSerializerContext;
