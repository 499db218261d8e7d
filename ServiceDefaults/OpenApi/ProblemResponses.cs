using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>
/// Adds the problem responses of an operation. The handler's type only says ProblemHttpResult; the statuses follow from the
/// operation's inputs and authorization, and from its <see cref="ConflictReasons"/>.
/// </summary>
internal static class ProblemResponses
{
    internal const string Schema = "Problem";
    private const string ContentType = "application/problem+json";

    internal static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var responses = operation.Responses ??= [];
        var inputs = context.Description.ParameterDescriptions;
        if (operation.RequestBody is not null || inputs.Any(input => input.Source.Id == "Query"))
            Add("400", "What was sent is not valid (`invalid`, `malformedRequest`); `detail` says what to send instead.");
        if (OperationDescriptions.Roles(metadata) is { } roles)
        {
            Add("401", "No valid API key or access token came with the request (`notAuthenticated`).");
            if (roles.Count < 3) Add("403", $"The role may not do this (`notAllowed`): {string.Join(" or ", roles)} may.");
        }
        if (inputs.Any(input => input.Source.Id == "Path")) Add("404", "The account has no such thing (`notFound`).");
        if (metadata.OfType<ConflictReasons>().SelectMany(reasons => reasons.Words).Distinct().ToList() is { Count: > 0 } words)
            responses.TryAdd("409", Problem($"Not as things are; `reason` says why: {string.Join(", ", words.Select(word => $"`{word}`"))}.", Because(words, context.Document!)));
        if (operation.RequestBody is not null) Add("415", "The body is no JSON (`unsupportedMediaType`).");
        Add("429", "Too many requests with this key; `Retry-After` has the seconds to wait.");
        Add("default", "Any other problem: a service that is away or failed (502, 503, 504, 500).");
        return Task.CompletedTask;

        void Add(string status, string description) =>
            responses.TryAdd(status, Problem(description, new OpenApiSchemaReference(Schema, context.Document)));
    }

    /// <summary>RFC 9457, with <c>reason</c>.</summary>
    internal static OpenApiSchema Definition() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457). `detail` is for people and says what to do; `reason`, where there is one, is a word for programs.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text(),
            ["title"] = Text(),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text(),
            ["reason"] = Text(),
            ["traceId"] = Text(),
        },
        Required = new HashSet<string> { "status" },
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Because(IEnumerable<string> words, OpenApiDocument document) => new()
    {
        AllOf =
        [
            new OpenApiSchemaReference(Schema, document),
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["reason"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] },
                },
            },
        ],
    };

    private static OpenApiResponse Problem(string description, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [ContentType] = new() { Schema = schema } },
    };
}
