using Microsoft.AspNetCore.Builder;

namespace ServiceDefaults.OpenApi;

/// <summary>The values that the member <c>reason</c> of this endpoint's 409 can have.</summary>
/// <param name="Words">The values passed to <see cref="Access.AdminProblem.Conflict"/>.</param>
public sealed record ConflictReasons(IReadOnlyList<string> Words);

public static class ConflictReasonsExtensions
{
    /// <summary>Documents the <c>reason</c> values of the endpoint's 409 in the OpenAPI document.</summary>
    public static TBuilder WithReasons<TBuilder>(this TBuilder endpoint, params IEnumerable<string> words) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ConflictReasons([.. words]));
}
