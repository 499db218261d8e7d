namespace ScimGateway.ApiKeys;

/// <summary>The directory service's answer to an API key.</summary>
internal abstract record ExchangeResult
{
    private ExchangeResult() { }

    internal sealed record Granted(string AccessToken, DateTimeOffset ExpiresAt) : ExchangeResult;

    internal sealed record UnknownKey : ExchangeResult;

    /// <summary>The directory service did not answer. Whether the key is valid is not known, and the result is not cached.</summary>
    internal sealed record Unavailable : ExchangeResult;
}
