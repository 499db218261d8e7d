using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Groups;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Body;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;

namespace DirectoryService.Scim.Bulk;

/// <summary>
/// <c>POST /Bulk</c> (RFC 7644 §3.7). Each operation runs through the endpoint of the corresponding single request, with all of
/// its checks.
/// </summary>
internal static class BulkEndpoints
{
    internal const int MaxOperations = 1_000;
    internal static readonly long MaxPayload = BodyLimit.Bulk.Bytes;

    /// <summary>Response header with the number of operations, for the gateway's rate limit; the gateway removes it.</summary>
    private const string OperationsHeader = "X-Scim-Operations";

    internal static void Map(RouteGroupBuilder scim) => scim.MapPost("/Bulk", RunAsync);

    private static async Task<IResult> RunAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = await ScimBody.ReadBulkAsync(http.Request, cancellationToken);
        if (Find(body, "schemas") is not JsonArray schemas || !schemas.Any(schema => schema?.ToString() == Urns.BulkRequest))
            throw ScimException.InvalidSyntax($"A bulk request has the schema {Urns.BulkRequest}.");
        if (Find(body, "Operations") is not JsonArray { Count: > 0 } sent)
            throw ScimException.InvalidSyntax("A bulk request needs \"Operations\": an array of at least one.");
        if (sent.Count > MaxOperations)
            throw ScimException.TooLarge($"The request has {sent.Count} operations; at most {MaxOperations} (maxOperations) are taken at once. Split it.");
        var operations = sent.Select(BulkOperation.Read).ToList();
        if (operations.Where(operation => operation.BulkId is not null).GroupBy(operation => operation.BulkId).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ScimException.InvalidSyntax($"The bulkId '{twice.Key}' stands on more than one operation; give each its own.");

        var answers = await new BulkExecution(operations, FailOnErrors(body), (operation, data, target) => SendAsync(http, operation, data, target)).AllAsync();
        http.Response.Headers[OperationsHeader] = answers.Count(answer => answer is not null).ToString(CultureInfo.InvariantCulture);
        var baseUrl = http.BaseUrl(http.Directory());
        return ScimResult.Ok(new JsonObject
        {
            ["schemas"] = new JsonArray(Urns.BulkResponse),
            ["Operations"] = new JsonArray([.. operations.Zip(answers).Where(pair => pair.Second is not null).Select(pair => pair.Second!.Show(pair.First, baseUrl))]),
        });
    }

    private static int FailOnErrors(JsonObject body) => Find(body, "failOnErrors") switch
    {
        null => int.MaxValue,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && BigInteger.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var errors)
            && errors > 0 => (int)BigInteger.Min(errors, int.MaxValue),
        _ => throw ScimException.InvalidValue("\"failOnErrors\" must be a whole number from 1."),
    };

    private static JsonNode? Find(JsonObject body, string name) => body.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, name)).Value;

    private static async Task<BulkOperationResult> SendAsync(HttpContext http, BulkOperation operation, JsonNode? data, string? target)
    {
        if (Refusal(operation) is { } refusal) return refusal;
        var single = Single(http, operation, data, target);
        using var answer = new MemoryStream();
        single.Response.Body = answer;
        await new ScimErrors(HandleAsync, http.RequestServices.GetRequiredService<ILogger<ScimErrors>>()).InvokeAsync(single);
        await single.Response.BodyWriter.FlushAsync(http.RequestAborted);
        var body = answer.Length == 0 ? null : JsonNode.Parse(answer.ToArray()) as JsonObject;
        var location = single.Response.Headers.Location.ToString() is { Length: > 0 } made ? made : null;
        return new BulkOperationResult(single.Response.StatusCode, location, single.Response.Headers.ETag.ToString() is { Length: > 0 } tag ? tag : null, body);

        async Task HandleAsync(HttpContext one)
        {
            var result = operation.Collection == ResourceSchema.User
                ? await UserEndpoints.HandleAsync(operation.Method, one)
                : await GroupEndpoints.HandleAsync(operation.Method, one);
            await result.ExecuteAsync(one);
        }
    }

    private static BulkOperationResult? Refusal(BulkOperation operation) => operation switch
    {
        { Method: not ("POST" or "PUT" or "PATCH" or "DELETE") } => BulkOperationResult.Refused(400, "invalidSyntax", "An operation's method is POST, PUT, PATCH or DELETE."),
        { Collection: null } => BulkOperationResult.Refused(400, "invalidPath", "An operation's path is /Users or /Groups, with /{id} behind it unless it is a POST."),
        { Method: "POST", Target: not null } => BulkOperationResult.Refused(400, "invalidPath", "A POST goes to /Users or /Groups, without an id."),
        { Method: "POST", BulkId: null } => BulkOperationResult.Refused(400, "invalidSyntax", "A POST needs a bulkId, so that its answer can be told from others."),
        { Method: not "POST", Target: null or "" } => BulkOperationResult.Refused(400, "invalidPath", $"A {operation.Method} needs the id in its path."),
        { Method: not "DELETE", Data: not JsonObject } => BulkOperationResult.Refused(400, "invalidSyntax", "The operation needs \"data\": an object."),
        _ => null,
    };

    /// <summary>Creates the single request of an operation.</summary>
    private static DefaultHttpContext Single(HttpContext http, BulkOperation operation, JsonNode? data, string? target)
    {
        var single = new DefaultHttpContext { RequestServices = http.RequestServices, User = http.User, RequestAborted = http.RequestAborted };
        single.Features.Set(http.Directory());
        single.Request.Scheme = http.Request.Scheme;
        single.Request.Host = http.Request.Host;
        single.Request.Method = operation.Method;
        single.Request.RouteValues["id"] = target;
        if (operation.Version is { } version) single.Request.Headers.IfMatch = version;
        if (data is null) return single;
        single.Request.ContentType = ScimResult.ContentType;
        single.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(data.ToJsonString()));
        return single;
    }
}
