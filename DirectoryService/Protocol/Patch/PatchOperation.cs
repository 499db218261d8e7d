using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;

namespace DirectoryService.Protocol.Patch;

public enum PatchVerb { Add, Replace, Remove }

/// <summary>One operation of the request. <see cref="Path"/> is null when the value names the attributes.</summary>
public sealed record PatchOperation(PatchVerb Verb, string? Path, JsonNode? Value);

/// <summary>One operation after flattening: always with a path.</summary>
public sealed record FlattenedOperation(PatchVerb Verb, PatchPath Path, JsonNode? Value);
