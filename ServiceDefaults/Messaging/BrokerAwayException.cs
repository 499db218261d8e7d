namespace ServiceDefaults.Messaging;

/// <summary>The broker did not answer, refused, or was too slow. Its client tells of that with exceptions of many types.</summary>
public sealed class BrokerAwayException(Exception cause) : Exception($"The message broker did not answer: {cause.Message}", cause);
