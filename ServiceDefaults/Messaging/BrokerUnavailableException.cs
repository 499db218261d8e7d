namespace ServiceDefaults.Messaging;

/// <summary>The broker did not answer, refused, or was too slow. RabbitMQ.Client reports this with many exception types.</summary>
public sealed class BrokerUnavailableException(Exception cause) : Exception($"The message broker did not answer: {cause.Message}", cause);
