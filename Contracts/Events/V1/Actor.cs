namespace Contracts.Events.V1;

/// <summary>Who made a change happen.</summary>
public sealed record Actor
{
    /// <summary><c>scimToken</c>, <c>apiKey</c>, <c>admin</c> or <c>system</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Key id of the token or API key, or the admin's id. Never a secret.</summary>
    public required string Id { get; init; }

    /// <summary>What a person would call it, such as the name of the directory or of the admin.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// W3C trace context (<c>traceparent</c>) of the request in which it happened, where that request was traced: whoever
    /// publishes or applies the fact goes on with its trace.
    /// </summary>
    public string? TraceParent { get; init; }
}
