using System.Net;
using System.Text.Json.Nodes;

namespace IdpSimulator.Wire;

/// <summary>An answer with a status that was expected.</summary>
public sealed record ScimAnswer(HttpStatusCode Status, JsonObject? Body, Uri? Location)
{
    /// <summary>The body, which the protocol asks for here.</summary>
    public JsonObject Resource => Body ?? throw new UnexpectedAnswerException("a body", $"{(int)Status} without one");

    public string Id => Resource["id"]?.GetValue<string>() ?? throw new UnexpectedAnswerException("a resource with an id", "one without");

    /// <summary>The resources of a ListResponse; <c>totalResults</c> must be an integer (Okta stops at anything else).</summary>
    public IReadOnlyList<JsonObject> Found
    {
        get
        {
            if (Resource["totalResults"] is not JsonValue total || !total.TryGetValue<int>(out var count))
                throw new UnexpectedAnswerException("a ListResponse with an integer totalResults", "one without");
            var resources = Resource["Resources"] is JsonArray array ? array.Select(node => node!.AsObject()).ToList() : [];
            return resources.Count <= count
                ? resources
                : throw new UnexpectedAnswerException("totalResults to count at least the resources of the page", $"{count} for {resources.Count}");
        }
    }
}
