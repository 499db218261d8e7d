using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Refuses a query parameter that the operation does not have: a filter that is misspelt would let everything through, and its
/// answer would look like the one that was asked for. Also NUL in an address, which no database takes.
/// </summary>
internal static class QueryCheck
{
    internal static TBuilder WithQueryCheck<TBuilder>(this TBuilder api) where TBuilder : IEndpointConventionBuilder =>
        api.AddEndpointFilterFactory((context, next) =>
        {
            var known = Parameters(context.MethodInfo).ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType, StringComparer.OrdinalIgnoreCase);
            return invocation => Fault(invocation.HttpContext.Request, known) is { } fault
                ? ValueTask.FromResult<object?>(AdminProblem.Invalid(fault, "unknownParameter"))
                : next(invocation);
        });

    /// <summary>What a handler takes from the address; ids of the path are among them, and no harm.</summary>
    internal static IEnumerable<ParameterInfo> Parameters(MethodInfo handler) => handler.GetParameters().Where(parameter => JsonKind.IsScalar(parameter.ParameterType));

    private static string? Fault(HttpRequest request, Dictionary<string, Type> known)
    {
        foreach (var (name, value) in request.Query)
        {
            if (request.RouteValues.ContainsKey(name) || !known.TryGetValue(name, out var type))
            {
                var takes = known.Keys.Where(one => !request.RouteValues.ContainsKey(one)).ToList();
                return $"'{name}' is no parameter of this operation, which takes {(takes.Count == 0 ? "none" : string.Join(", ", takes))}.";
            }
            // The framework takes 1.5 for the fifth of January.
            if (value is not [""] && !JsonKind.Reads(type, value.ToString())) return JsonKind.NotRead(name, type, value.ToString());
            if (value.ToString().Contains('\0', StringComparison.Ordinal)) return $"'{name}' holds the character NUL, which nothing here has.";
        }
        return request.RouteValues.Values.OfType<string>().Any(value => value.Contains('\0', StringComparison.Ordinal))
            ? "The address holds the character NUL, which nothing here has."
            : null;
    }
}
