using Microsoft.AspNetCore.Builder;

namespace ServiceDefaults.OpenApi;

/// <summary>The words that the member <c>reason</c> of this endpoint's 409 can have.</summary>
/// <param name="Words">As <see cref="Access.AdminProblem.Conflict"/> is given them.</param>
public sealed record Reasons(IReadOnlyList<string> Words);

public static class ReasonsExtensions
{
    /// <summary>Names the <c>reason</c> words of the endpoint's 409 in the API's document.</summary>
    public static TBuilder WithReasons<TBuilder>(this TBuilder endpoint, params IEnumerable<string> words) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Reasons([.. words]));
}
