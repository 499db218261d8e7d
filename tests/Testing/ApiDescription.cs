using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ServiceDefaults.OpenApi;

namespace Testing;

/// <summary>What a service says of its part of <c>/api/v1</c>, held against its real endpoints.</summary>
public static class ApiDescription
{
    public static async Task<OpenApiDocument> ReadAsync(string serviceUrl)
    {
        using var client = new HttpClient();
        return Parse(await client.GetStringAsync(new Uri(serviceUrl + AdminApiDocument.Path)));
    }

    /// <summary>A document without a fault; else an exception with all of them.</summary>
    public static OpenApiDocument Parse(string json)
    {
        var read = OpenApiDocument.Parse(json, "json");
        var faults = (read.Diagnostic?.Errors ?? []).Concat(read.Document?.Validate(ValidationRuleSet.GetDefaultRuleSet()) ?? [])
            .Select(error => $"{error.Pointer}: {error.Message}").ToList();
        return faults.Count == 0 && read.Document is { } document
            ? document
            : throw new InvalidDataException("The document is no valid OpenAPI:\n" + string.Join('\n', faults));
    }

    /// <summary>What an endpoint of the service has and the document lacks; empty when they agree.</summary>
    public static IEnumerable<string> Missing(OpenApiDocument document, IServiceProvider services, string prefix = "/api/v1")
    {
        foreach (var (method, path) in Endpoints(services, prefix))
        {
            if (document.Paths.GetValueOrDefault(path)?.Operations?.GetValueOrDefault(method) is not { } operation)
            {
                yield return $"{method} {path} is not in the document.";
                continue;
            }
            var answers = operation.Responses?.Keys.ToList() ?? [];
            if (string.IsNullOrWhiteSpace(operation.Summary)) yield return $"{method} {path} has no summary: add .WithSummary(…) where it is mapped.";
            if (!answers.Any(status => status.StartsWith('2'))) yield return $"{method} {path} has no answer of success: let the handler's type name it, or add .Produces<T>().";
            if (!answers.Contains("401") || !answers.Contains("default")) yield return $"{method} {path} does not say which problems it answers.";
            if (operation.Security is not { Count: > 0 } || operation.Extensions?.ContainsKey("x-roles") != true) yield return $"{method} {path} does not say who may.";
        }
    }

    /// <summary>What a body must have, as the document says it: <c>POST /path: name, provider</c>, for each operation with a body.</summary>
    public static IEnumerable<string> Required(OpenApiDocument document) =>
        from path in document.Paths
        from operation in path.Value.Operations!
        let schema = operation.Value.RequestBody?.Content?.Values.First().Schema
        where schema is not null
        orderby path.Key, operation.Key.Method
        select $"{operation.Key} {path.Key}: {string.Join(", ", (schema.Required ?? new HashSet<string>()).Order(StringComparer.Ordinal))}".TrimEnd();

    /// <summary>Schemas that are shut where they should be open (answers, which grow), or open where they are shut (bodies).</summary>
    public static IEnumerable<string> WronglyShut(OpenApiDocument document)
    {
        foreach (var (path, item) in document.Paths)
            foreach (var (method, operation) in item.Operations!)
            {
                if (operation.RequestBody?.Content?.Values.First().Schema is { AdditionalPropertiesAllowed: true }) yield return $"{method} {path}: the body";
                foreach (var (status, answer) in operation.Responses!)
                    foreach (var schema in answer.Content?.Values.Select(content => content.Schema).OfType<IOpenApiSchema>() ?? [])
                        if (!schema.AdditionalPropertiesAllowed || schema.Properties?.Values.Any(member => member.Items is { AdditionalPropertiesAllowed: false }) == true)
                            yield return $"{method} {path}: {status}";
            }
    }

    /// <summary>Every method and path that the service answers under the prefix, paths as OpenAPI writes them.</summary>
    public static IEnumerable<(HttpMethod Method, string Path)> Endpoints(IServiceProvider services, string prefix) =>
        from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(Segment))
        where path.StartsWith(prefix, StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (HttpMethod.Parse(method), path);

    private static string Segment(RoutePatternPathSegment segment) => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "",
    }));
}
