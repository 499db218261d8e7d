namespace ScimGateway.ApiKeys;

/// <summary>What the directory service says to an API key.</summary>
internal abstract record ExchangeResult
{
    private ExchangeResult() { }

    internal sealed record Granted(string AccessToken, DateTimeOffset ExpiresAt) : ExchangeResult;

    internal sealed record UnknownKey : ExchangeResult;

    /// <summary>No answer: says nothing about the key, and is never remembered.</summary>
    internal sealed record Unavailable : ExchangeResult;
}
