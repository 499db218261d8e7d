using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol;

/// <summary>
/// Where a reader of requests asks whether something that the RFCs do not have is meant all the same. <see cref="Strict"/>
/// grants nothing; what is granted to which IdP stands in <c>Quirks/</c>.
/// </summary>
public sealed record Tolerance
{
    public static readonly Tolerance Strict = new();

    /// <summary>What a value of an attribute should have been.</summary>
    public ValueLeniency Value { get; init; } = (_, value) => value;

    /// <summary>The attribute path that is meant by a name which the resource type does not have; null: none.</summary>
    public Func<ResourceSchema, string, string?> Name { get; init; } = (_, _) => null;

    /// <summary>What a filter's literal should have been, compared with that attribute.</summary>
    public Func<AttributeDefinition?, FilterValue, FilterValue> Literal { get; init; } = (_, value) => value;

    /// <summary>Whether a filter may compare behind a value path: <c>emails[type eq "work"].value eq "x"</c>.</summary>
    public Func<bool> ComparisonBehindValuePath { get; init; } = () => false;

    /// <summary>The <c>op</c> of a PATCH operation that is meant.</summary>
    public Func<string, string> Verb { get; init; } = verb => verb;

    /// <summary>Whether a key of a path-less operation's value may be a path, and not a name only.</summary>
    public Func<string, bool> PathAsKey { get; init; } = _ => false;

    /// <summary>Whether a path-less operation may repeat the resource's own id.</summary>
    public Func<bool> OwnId { get; init; } = () => false;

    /// <summary>The element to make where a replace's value filter matches none; null: noTarget (RFC 7644 §3.5.2.3).</summary>
    public Func<AttributeDefinition, Filter, JsonObject?> MissingElement { get; init; } = (_, _) => null;

    /// <summary>Whether a remove may list the values to be removed, instead of naming them by a filter.</summary>
    public Func<bool> ListedRemoval { get; init; } = () => false;
}
