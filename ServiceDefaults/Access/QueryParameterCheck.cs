using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Refuses unknown query parameters: a misspelt filter would be ignored and return everything. Also refuses NUL in a URL, which
/// PostgreSQL cannot store.
/// </summary>
internal static class QueryParameterCheck
{
    internal static TBuilder WithQueryCheck<TBuilder>(this TBuilder api) where TBuilder : IEndpointConventionBuilder =>
        api.AddEndpointFilterFactory((context, next) =>
        {
            var known = Parameters(context.MethodInfo).ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType, StringComparer.OrdinalIgnoreCase);
            return invocation => FindError(invocation.HttpContext.Request, known) is { } fault
                ? ValueTask.FromResult<object?>(AdminProblem.Invalid(fault, "unknownParameter"))
                : next(invocation);
        });

    /// <summary>The parameters that a handler reads from the URL. Route ids are included, which does no harm.</summary>
    internal static IEnumerable<ParameterInfo> Parameters(MethodInfo handler) => handler.GetParameters().Where(parameter => JsonTypeNames.IsScalar(parameter.ParameterType));

    private static string? FindError(HttpRequest request, Dictionary<string, Type> known)
    {
        foreach (var (name, value) in request.Query)
        {
            if (request.RouteValues.ContainsKey(name) || !known.TryGetValue(name, out var type))
            {
                var takes = known.Keys.Where(one => !request.RouteValues.ContainsKey(one)).ToList();
                return $"'{name}' is no parameter of this operation, which takes {(takes.Count == 0 ? "none" : string.Join(", ", takes))}.";
            }
            // The framework would parse 1.5 as the date January 5th.
            if (value is not [""] && !JsonTypeNames.CanParse(type, value.ToString())) return JsonTypeNames.ParseErrorOf(name, type, value.ToString());
            if (value.ToString().Contains('\0', StringComparison.Ordinal)) return $"'{name}' holds the character NUL, which nothing here has.";
        }
        return request.RouteValues.Values.OfType<string>().Any(value => value.Contains('\0', StringComparison.Ordinal))
            ? "The address holds the character NUL, which nothing here has."
            : null;
    }
}
