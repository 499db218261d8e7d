using System.Text.Json.Serialization;

namespace DirectoryService.Admin;

/// <summary>A list in an answer: <c>{"items":[…],"next":…}</c>. <see cref="Next"/> continues it; absent on the last page.</summary>
internal sealed record Items<T>(
    [property: JsonPropertyName("items")] IReadOnlyList<T> List,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next = null);
