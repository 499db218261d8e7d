using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Access;

/// <summary>
/// Describes why a request could not be bound to its handler: which member or parameter is wrong, and what it must be. The
/// framework's messages name .NET types and are written for developers.
/// </summary>
public static class RequestErrorText
{
    /// <summary>Describes a JSON syntax error. The SCIM API and the admin API use the same text.</summary>
    /// <param name="depth">The largest allowed nesting depth; deeper JSON is reported as such.</param>
    public static string Syntax(JsonException error, int depth) =>
        $"The body is no valid JSON, or is nested more than {depth} deep: it cannot be read on from line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}.";

    internal static string Describe(HttpContext http, BadHttpRequestException fault)
    {
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var body = endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type ? options.GetTypeInfo(type) : null;
        if (fault.InnerException is JsonException json) return body is null || json.InnerException is JsonException ? Syntax(json, DepthOf(options)) : OfMember(json, body);
        if (endpoint is RouteEndpoint route && OfParameter(http.Request, route) is { } words) return words;
        return body is null ? "The request cannot be read." : $"Send a JSON body: {JsonTypeNames.Of(body)}.";
    }

    private static int DepthOf(JsonSerializerOptions options) => options.MaxDepth == 0 ? 64 : options.MaxDepth; // 0 means the framework's default of 64

    private static string OfMember(JsonException error, JsonTypeInfo body)
    {
        var steps = JsonTypeNames.Steps(error.Path ?? "$");
        var (found, around) = JsonTypeNames.At(body, steps);
        var name = string.Concat(steps.Select((step, at) => int.TryParse(step, out _) ? $"[{step}]" : at == 0 ? step : "." + step));
        if (steps.Count == 0) return $"The body must be {JsonTypeNames.Of(body)}.";
        if (found is null) return $"'{name}' is no member of this request: there must be {JsonTypeNames.Of(around)}.";
        return error.Message.StartsWith("Duplicate", StringComparison.Ordinal)
            ? $"'{name}' is there more than once. Send it once."
            : $"'{name}' must be {JsonTypeNames.Of(found)}.";
    }

    /// <summary>Describes the first parameter of the URL that is missing or cannot be parsed.</summary>
    private static string? OfParameter(HttpRequest request, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler) return null;
        foreach (var parameter in QueryParameterCheck.Parameters(handler).Where(parameter => endpoint.RoutePattern.GetParameter(parameter.Name!) is null))
        {
            if (request.Query[parameter.Name!] is [_, ..] given)
            {
                if (!JsonTypeNames.CanParse(parameter.ParameterType, given.ToString())) return JsonTypeNames.ParseErrorOf(parameter.Name!, parameter.ParameterType, given.ToString());
            }
            else if (IsRequired(parameter))
            {
                return $"'{parameter.Name}' is missing: send it as a query parameter, {JsonTypeNames.Of(parameter.ParameterType)}.";
            }
        }
        return null;
    }

    private static bool IsRequired(ParameterInfo parameter) =>
        !parameter.HasDefaultValue && Nullable.GetUnderlyingType(parameter.ParameterType) is null
        && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.NotNull;
}
