using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace ServiceDefaults.Access;

/// <summary>Describes the JSON type of a body member or parameter in words, because .NET type names mean nothing to API clients.</summary>
internal static partial class JsonTypeNames
{
    internal static bool IsScalar(Type type) => Of(type) is not null;

    /// <summary>Null for lists and objects.</summary>
    internal static string? Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "text in valid Unicode"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(Guid) ? "an id (a UUID)"
            : type == typeof(bool) ? "true or false"
            : type == typeof(DateTimeOffset) ? "a time such as 2026-11-01T12:00:00Z"
            : null;
    }

    internal static string Of(JsonTypeInfo type) => Of(type.Type) ?? (type.Kind == JsonTypeInfoKind.Enumerable
        ? $"a list, each of {Of(type.Options.GetTypeInfo(type.ElementType!))}"
        : $"an object{Members(type)}");

    /// <summary>The text after "an object": its members.</summary>
    internal static string Members(JsonTypeInfo type) =>
        type.Properties.Count == 0 ? "" : $" with {string.Join(", ", type.Properties.Select(property => $"'{property.Name}'"))}";

    internal static bool CanParse(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string)
            || (type == typeof(int) ? int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
                : type == typeof(long) ? long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
                : type == typeof(Guid) ? Guid.TryParse(text, out _)
                : type == typeof(bool) ? bool.TryParse(text, out _)
                : Time().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _));
    }

    internal static string ParseErrorOf(string parameter, Type type, string value) => $"'{parameter}' must be {Of(type)}; '{value}' is none.";

    /// <summary>RFC 3339.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)\z")]
    private static partial Regex Time();

    /// <summary>
    /// The type at a path such as <c>$.losers.userIds[1]</c>, and the type that contains it. Found is null when there is no
    /// such member.
    /// </summary>
    internal static (JsonTypeInfo? Found, JsonTypeInfo Around) At(JsonTypeInfo root, IEnumerable<string> path)
    {
        var (found, around) = (root, root);
        foreach (var step in path)
        {
            around = found;
            var next = found.Kind == JsonTypeInfoKind.Enumerable
                ? found.ElementType
                : found.Properties.FirstOrDefault(property => string.Equals(property.Name, step, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            if (next is null) return (null, around);
            found = root.Options.GetTypeInfo(Nullable.GetUnderlyingType(next) ?? next);
        }
        return (found, around);
    }

    /// <summary>The member names and indexes of <see cref="JsonException.Path"/>.</summary>
    internal static List<string> Steps(string path) =>
        [.. path.TrimStart('$').Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal)
            .Replace('[', '.').Replace("]", "", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries)];
}
