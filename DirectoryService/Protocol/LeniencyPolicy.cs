using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol;

/// <summary>
/// The leniencies that the protocol code applies to requests that violate the RFCs. <see cref="Strict"/> grants none;
/// <c>Quirks/</c> defines which are granted to which IdP.
/// </summary>
public sealed record LeniencyPolicy
{
    public static readonly LeniencyPolicy Strict = new();

    /// <summary>Rewrites the value of an attribute.</summary>
    public ValueLeniency Value { get; init; } = (_, value) => value;

    /// <summary>The attribute path meant by an unknown name; null when there is none.</summary>
    public Func<ResourceSchema, string, string?> Name { get; init; } = (_, _) => null;

    /// <summary>Rewrites a filter's literal that is compared with the attribute.</summary>
    public Func<AttributeDefinition?, FilterValue, FilterValue> Literal { get; init; } = (_, value) => value;

    /// <summary>Whether a filter may have a comparison after a value path: <c>emails[type eq "work"].value eq "x"</c>.</summary>
    public Func<bool> ComparisonAfterValuePath { get; init; } = () => false;

    /// <summary>Rewrites the <c>op</c> of a PATCH operation.</summary>
    public Func<string, string> Verb { get; init; } = verb => verb;

    /// <summary>Whether a key of a path-less operation's value may be a path and not only a name.</summary>
    public Func<string, bool> PathAsKey { get; init; } = _ => false;

    /// <summary>Whether a path-less operation may repeat the resource's own id.</summary>
    public Func<bool> OwnId { get; init; } = () => false;

    /// <summary>The element to create when the value filter of a replace matches none; null for noTarget (RFC 7644 §3.5.2.3).</summary>
    public Func<AttributeDefinition, Filter, JsonObject?> MissingElement { get; init; } = (_, _) => null;

    /// <summary>Whether a remove may list the values to be removed, instead of naming them by a filter.</summary>
    public Func<bool> ListedRemoval { get; init; } = () => false;
}
