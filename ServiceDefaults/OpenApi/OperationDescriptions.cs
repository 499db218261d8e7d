using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ServiceDefaults.Access;

namespace ServiceDefaults.OpenApi;

/// <summary>Sets id, texts and roles of an operation, from its route, its handler's XML comments and its metadata.</summary>
internal static partial class OperationDescriptions
{
    /// <summary>Descriptions of parameters that mean the same in every operation.</summary>
    private static readonly Dictionary<string, string> Common = new(StringComparer.Ordinal)
    {
        ["limit"] = "Most items of one answer.",
        ["after"] = "Continues a list: `next` of the answer before.",
        ["before"] = "Continues a history: the time of its last entry.",
        ["id"] = "The internal id, not the SCIM id.",
        ["user"] = "The user's internal id, not the SCIM id.",
        ["action"] = "`enable`, `disable`, `delete`, `restore` or `purge`.",
        ["status"] = "Only those with this status.",
        ["text"] = "Only those that have this text in a name or address; case does not count.",
        ["keyId"] = "The part of the secret between its first and second underscore.",
    };

    internal static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        var comment = handler is null ? null : XmlComments.Summary(handler);
        var path = context.Description.RelativePath!;
        operation.OperationId = Id(context.Description.HttpMethod!, path);
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag(path), context.Document) };
        operation.Summary ??= comment is null ? SummaryFromName(handler) : FirstSentence(comment);

        var roles = Roles(metadata);
        operation.Description = string.Join("\n\n", new[] { operation.Description, comment, roles is null ? null : $"Roles: {string.Join(", ", roles)}." }
            .Where(text => text is not null && text != operation.Summary));
        if (roles is not null)
        {
            operation.AddExtension("x-roles", new JsonNodeExtension(new JsonArray([.. roles.Select(role => (JsonNode)role)])));
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(AdminApiDocument.Bearer, context.Document)] = [] }];
        }
        foreach (var parameter in operation.Parameters ?? [])
            parameter.Description ??= (handler is null ? null : XmlComments.Parameter(handler, parameter.Name!)) ?? Common.GetValueOrDefault(parameter.Name!);
        return Task.CompletedTask;
    }

    /// <summary>The roles that may call the operation; null when it is anonymous.</summary>
    internal static IReadOnlyList<string>? Roles(IList<object> metadata)
    {
        if (metadata.OfType<IAllowAnonymous>().Any()) return null;
        // All policies apply, so the narrowest one decides.
        var policies = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).ToHashSet(StringComparer.Ordinal);
        return policies.Contains(AccessPolicy.Own) ? [AdminRole.Owner]
            : policies.Contains(AccessPolicy.Write) ? [AdminRole.Owner, AdminRole.Admin]
            : [AdminRole.Owner, AdminRole.Admin, AdminRole.Auditor];
    }

    /// <summary><c>GET api/v1/users/{id}/policies</c> is getUsersByIdPolicies: unique over all services, because routes are.</summary>
    private static string Id(string method, string path) =>
        method.ToLowerInvariant() + string.Concat(Segments(path).Select(segment => segment[0] == '{' ? "By" + Pascal(segment) : Pascal(segment)));

    private static string Tag(string path)
    {
        var words = Segments(path)[0].Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries)[2..];

    private static string Pascal(string segment) => string.Concat(
        Word().Matches(segment.Split(':')[0]).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    /// <summary>The summary of a handler without an XML comment: <c>ListTokensAsync</c> is "List tokens".</summary>
    private static string? SummaryFromName(MethodInfo? handler)
    {
        if (handler is null || handler.Name.Contains('<', StringComparison.Ordinal)) return null;
        var name = handler.Name.EndsWith("Async", StringComparison.Ordinal) ? handler.Name[..^5] : handler.Name;
        var words = Capital().Replace(name, " $0").Trim();
        return words[0] + words[1..].ToLowerInvariant();
    }

    private static string FirstSentence(string text) => Sentence().Split(text)[0].TrimEnd('.', ';', ':');

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"(?<=[.:;])\s")]
    private static partial Regex Sentence();
}
